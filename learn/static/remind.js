/* On the page for a reminder: a day with one tap, counted from today on this device, its time is filled in,
   and what was missing goes once it's there. Without this script, the site counts the days, and the next page has no errors. */
'use strict';
{
const day = document.getElementById('day'), time = document.getElementById('time');
const USUAL_TIME = '10:00';

// With a day comes a time, to be changed, if it's still to come.
function suggestTime() {
  if (time.value || !(new Date(`${day.value}T${USUAL_TIME}`) > new Date())) return;
  time.value = USUAL_TIME;
  settle(time);
}

function settle(field) {
  const box = document.querySelector('.error-summary'), place = field.closest('.has-error');
  if (!place || !field.value) return;
  place.classList.remove('has-error');
  place.querySelector('.note').remove();
  field.removeAttribute('aria-invalid');
  field.setAttribute('aria-describedby', `${field.id}-hint`);
  box.querySelector(`[href="#${field.id}"]`).parentElement.remove();
  if (!box.querySelector('li')) box.remove();
}

for (const field of [day, time]) field.addEventListener('input', () => settle(field));
day.addEventListener('input', suggestTime);
for (const button of document.getElementsByName('ahead')) button.addEventListener('click', event => {
  event.preventDefault();
  const now = new Date();
  day.valueAsDate = new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate() + Number(button.value)));
  settle(day);
  suggestTime();
});
}
