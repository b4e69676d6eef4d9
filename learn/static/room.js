/* Look again every few seconds what the room is at. Without this script, a link does it.
   The browser asks with the ETag of what it has, so that nothing new is a 304 without a body. */
'use strict';
{
const PAUSE = 3000, AT_MOST = 8000; // milliseconds
const page = document.querySelector('[data-look]');
const away = page?.querySelector('[data-away]'), count = page?.querySelector('[data-count]');
let isAway = false, timer;

const show = gone => { isAway = gone; if (away) away.hidden = !gone; };

async function look() {
  clearTimeout(timer);
  try {
    const answer = await fetch(page.dataset.look, { signal: AbortSignal.timeout(AT_MOST) });
    if (answer.status !== 404 && !answer.ok) throw new TypeError('not now');
    const [state, answers] = (await answer.text()).split('\n');
    show(false);
    if (state !== page.dataset.state) return location.reload();
    if (count && answers && count.textContent !== answers) count.textContent = answers;
  } catch {
    show(true);
  }
  timer = setTimeout(look, PAUSE + Math.random() * 1000);
}

if (page) {
  // A button that can't be sent now would lead to the browser's own page, away from the question.
  page.addEventListener('submit', event => {
    if (!isAway && navigator.onLine) return;
    event.preventDefault();
    show(true);
    look();
  });
  addEventListener('online', look);
  addEventListener('pageshow', event => event.persisted && look());
  document.addEventListener('visibilitychange', () => document.hidden ? clearTimeout(timer) : look());
  timer = setTimeout(look, PAUSE);
}
}
