/* Send a link to this lesson: by the device's own sheet, or else by copying it. Only the page's own
   address is sent, without what is the reader's. Without this script, the link is there to copy. */
'use strict';
{
const place = document.querySelector('.share'), address = document.querySelector('link[rel=canonical]')?.href;
const clipboard = navigator.clipboard;
if (place && address && (navigator.share || clipboard)) {
  const status = place.querySelector('[role=status]');

  async function copy() {
    status.textContent = '';
    try {
      await clipboard.writeText(address);
      status.textContent = status.dataset.done;
    } catch {
      place.querySelector('details').hidden = false;
      place.querySelector('details').open = true;
    }
  }

  async function share() {
    try {
      await navigator.share({ title: document.querySelector('h1').textContent, url: address });
    } catch (error) {
      if (error.name !== 'AbortError') copy(); // they changed their mind
    }
  }

  const button = place.querySelector(navigator.share ? '[data-share]' : '[data-copy]');
  button.hidden = false;
  place.querySelector('details').hidden = true;
  button.addEventListener('click', navigator.share ? share : copy);
}
}
