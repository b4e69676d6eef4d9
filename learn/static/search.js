/* Show what is found while somebody types: the same page from the same address, and its results
   take the place of those here. Without this script, the form opens the page. */
'use strict';
{
const PAUSE = 200; // milliseconds without a key
const form = document.querySelector('main .search-box'), field = form.elements.q;
const status = document.getElementById('search-count');
const address = () => `${form.action}?${new URLSearchParams({q: field.value})}`;
let sent, timer, shown = field.value;

function look() {
  sent?.abort();
  shown = field.value;
  const from = address();
  sent = new XMLHttpRequest();
  sent.open('GET', from);
  sent.responseType = 'document'; // its scripts never run
  sent.onload = ({target: {status: code, response}}) => {
    const found = code === 200 && response?.getElementById('search-results');
    if (!found) return;
    document.getElementById('search-results').replaceWith(document.adoptNode(found));
    status.textContent = response.getElementById('search-count').textContent;
    document.title = response.title;
    history.replaceState(null, '', from);
  };
  sent.send();
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(() => { if (field.value.trim() !== shown.trim()) look(); }, PAUSE);
}

field.addEventListener('input', wait);
field.addEventListener('keydown', event => {
  if (event.key !== 'Escape' || !field.value) return;
  event.preventDefault();
  field.value = '';
  wait();
});

// The results are there already: no page has to load, and a keyboard on the screen can go.
form.addEventListener('submit', event => {
  clearTimeout(timer);
  if (sent?.readyState !== XMLHttpRequest.DONE || field.value.trim() !== shown.trim()) return;
  event.preventDefault();
  if (matchMedia('(pointer: coarse)').matches) field.blur();
});
}
