"""READMEs show the verdicts that are on record, word for word."""
from pathlib import Path

import pytest

from ci.claims.claim import load_claims
from ci.claims.record import read_record
from ci.claims.words import markdown_table

ROOT = Path(__file__).parents[2]
RECORDED = sorted(ROOT.glob("benchmark_*/claims/verdicts.json"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.parts[-3])
def test_the_table_is_the_record(path):
    benchmark = path.parents[1]
    table = markdown_table(read_record(benchmark))
    assert table in (benchmark / "README.md").read_text("utf-8"), (
        "write the output of python -m ci claims "
        f"{benchmark.name} --markdown into {benchmark.name}/README.md")


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.parts[-3])
def test_the_record_knows_every_claim(path):
    benchmark = path.parents[1]
    assert [r["name"] for r in read_record(benchmark)] == sorted(
        (claim.name for claim in load_claims(benchmark, full=False)),
        key=lambda name: (name[0], int(name[1:])))
