/* A question that was saved shows as saved wherever the page has it. care-team.js saves it, and puts what
   comes back in place of the form. Without this script, the next visit shows it. */
'use strict';
{
const asked = form => [...form.querySelectorAll('[name="objective"], [name="text"]')].map(field => field.value);
document.addEventListener('submit', ({ target }) => {
  const place = target.closest('.save-question'), asks = asked(target);
  if (!place) return;
  new MutationObserver((_, observer) => {
    const saved = place.querySelector('.question-saved');
    if (!saved) return; // it couldn't be saved yet
    observer.disconnect();
    for (const form of document.querySelectorAll('.save-question form')) {
      if (!asked(form).every(ask => asks.includes(ask))) continue;
      form.parentElement.removeAttribute('role'); // it's said once
      const copy = saved.cloneNode(true);
      copy.id = form.elements.at.value;
      form.replaceWith(copy);
    }
  }).observe(place, { childList: true });
});
}
