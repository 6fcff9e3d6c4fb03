const press = event => {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  event.currentTarget.click();
};
const pressable = item => {
  item.tabIndex = 0;
  item.setAttribute('role', 'button');
  item.addEventListener('keydown', press);
};
document.querySelectorAll('#view-tabs span.view').forEach(pressable);
