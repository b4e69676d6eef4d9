/* Keep each answer on the device until the site has it: it is there before it is sent, so it outlives
   a page that is left and a network that is lost, and is sent again. The site records each once,
   however often it is sent, and only for whoever gave it. Where the browser stores nothing, a quiz
   works as without this script. A device that its user called shared keeps nothing. */
'use strict';
{
const { home, worker } = document.documentElement.dataset;
const NAME = `learn-all ${home}`, QUIZ = `${NAME} quiz`;
const PAUSE = 10000, SOON = 1000; // milliseconds between attempts to send while something waits
const KEPT_DAYS = 30; // in which answers wait for somebody who doesn't come back to this device
const PATIENCE = 1000; // milliseconds to wait for the device before an answer is sent without it
const LONG = 5000; // milliseconds to send before it's called offline
const DAY = 24 * 60 * 60 * 1000; // how long somebody is led to the feedback they haven't seen
const onTheirWay = new Set(); // the ids of answers that this page is sending
let words, waiting = [], told = [], unseen = [], isElsewhere = false, isCut = false;
let hasSent = false, isLeaving = false, feedback, timer;

const place = () => document.querySelector('[data-owner]')?.dataset ?? {};
const isStoring = () => Boolean(window.indexedDB);

// A value that changes or goes when somebody signs out or deletes: then other tabs keep nothing more.
const VISIT = `${NAME} visit`;
const visit = begun => {
  try {
    if (begun) localStorage.setItem(VISIT, begun);
    return localStorage.getItem(VISIT);
  } catch {
    return null;
  }
};
const newVisit = () => visit(`${Date.now()} ${Math.random()}`);
let ownVisit = place().owner ? visit() ?? newVisit() : null;
const mayKeep = () => {
  if (!worker || !place().owner || !isStoring() || 'isShared' in place()) return false;
  ownVisit ??= visit() ?? newVisit(); // the first question turned into one that belongs to somebody
  return visit() === ownVisit;
};
const whenIdle = act => window.requestIdleCallback?.(act) ?? setTimeout(act, 500);

// The database, with the answers that wait and what is still to be told about those that were sent.
function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      const made = name => asked.result.createObjectStore(name, { keyPath: 'id', autoIncrement: true });
      made('answers').createIndex('place', 'place', { unique: true });
      made('news');
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = asked.onblocked = () => reject(asked.error);
  });
}

async function within(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const names = ['answers', 'news'];
      const done = database.transaction(names, mode, { durability: 'strict' });
      const asked = act(...names.map(name => done.objectStore(name)));
      done.oncomplete = () => resolve(asked?.result);
      done.onerror = done.onabort = () => reject(done.error ?? asked?.error);
    });
  } finally {
    database.close();
  }
}

async function storedAnswers() {
  const stored = await within('readonly', answers => answers.getAll());
  return stored.filter(({ id }) => !onTheirWay.has(id));
}

// Add an answer; not if the device was left meanwhile, in another tab.
async function add(item) {
  const id = await within('readwrite', answers => answers.add(item));
  if (visit() === ownVisit) return id;
  await within('readwrite', answers => answers.delete(id));
  throw new Error('the device was left');
}

// Let go of what waits for somebody who hasn't come for a long time, by the clock of the site.
const age = (id, day) => within('readwrite', answers => {
  answers.get(id).onsuccess = ({ target: { result: item } }) => {
    if (!item || !day) return;
    if (!item.since) answers.put({ ...item, since: day });
    else if (day - item.since > KEPT_DAYS) answers.delete(id);
  };
});

// Ask the site for a page or an answer; undefined without a network, or if something else answers.
async function ask(address, body) {
  const options = { method: body ? 'POST' : 'GET', body, cache: 'no-store', redirect: 'error' };
  try {
    const answer = await fetch(address, options);
    const isOurs = answer.headers.get('Content-Type')?.startsWith('application/json');
    return isOurs ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}

// Tell what happened to an answer, and let go of it: both or neither. If the page still asks for it,
// its feedback tells.
async function settle(item, outcome, page) {
  const isFeedback = ['saved', 'earlier'].includes(outcome) && isAskedHere(item);
  await within('readwrite', (answers, news) => {
    answers.delete(item.id);
    if (!isFeedback) news.add({ outcome, page, number: item.number, at: Date.now() });
  });
  hasSent = true;
  if (isFeedback) feedback = page;
}

function isAskedHere({ address, fields }) {
  const form = document.querySelector('form.question'), question = form?.elements.question.value;
  return form?.action === address && fields.some(([name, value]) => name === 'question' && value === question);
}

const openPage = (address, otherwise) =>
  document.dispatchEvent(new CustomEvent('turn-page', { detail: { address, otherwise } }));

async function sendOne(item, token) {
  const fields = [...item.fields, ['owner', item.owner], ['csrf_token', token]];
  const said = await ask(item.address, new URLSearchParams(fields));
  if (!said?.outcome || said.outcome === 'again') return false;
  await settle(item, said.outcome, said.page ?? item.address);
  return true;
}

async function sendAll() {
  const owners = new Map();
  isElsewhere = false;
  for (const item of await storedAnswers()) {
    if (!owners.has(item.owner)) {
      owners.set(item.owner, await ask(`${home}offline/sender?owner=${encodeURIComponent(item.owner)}`));
    }
    const found = owners.get(item.owner);
    if (found?.owner === 'gone') await settle(item, 'deleted');
    else if (found?.owner === 'elsewhere') {
      isElsewhere = true;
      await age(item.id, found.day);
    } else if (found?.owner !== 'you' || !await sendOne(item, found.token)) {
      isCut = true;
      return;
    }
  }
  isCut = false;
}

// One tab at a time, and none while a page is sending what was just answered; without locks two may
// send, and the site keeps the first.
async function send() {
  clearTimeout(timer);
  const late = setTimeout(() => {
    isCut = true;
    show().catch(() => {});
  }, LONG);
  try {
    const { locks } = navigator;
    await (locks ? locks.request(NAME, { ifAvailable: true }, lock => lock && sendAll()) : sendAll());
  } catch { /* the next attempt finds the same answers */ }
  clearTimeout(late);
  const page = feedback;
  feedback = undefined;
  if (page) openPage(page, () => location.assign(page));
  else if (hasSent && document.querySelector('main[data-counts]') && !isInUse()) {
    isLeaving = true;
    location.reload(); // what the page says is from before
  } else await show().catch(() => {});
  hasSent = false;
  if (waiting.length && !isElsewhere) timer = setTimeout(send, PAUSE);
}

// Nobody who is on their way through a page by keyboard is thrown back to its top.
const isInUse = () => document.activeElement?.matches('a, button, input, select, textarea, summary');

function say(name, count, pages = []) {
  const said = words.get(name).cloneNode(true);
  said.querySelectorAll('[data-n]').forEach(number => { number.textContent = count; });
  const links = pages.map(({ page, number }) => {
    const link = say('page', number);
    link.firstElementChild.href = page;
    return link;
  });
  said.querySelector('[data-pages]')?.append(...links.flatMap((link, n) => n ? [', ', link] : [link]));
  const first = said.querySelector('[data-first]');
  if (first) first.href = pages[0].page;
  return said;
}

const withoutPlace = page => new URL(page, location).href.split('#')[0];
const isSeen = ({ page, outcome }) => withoutPlace(page) === withoutPlace(location.href)
  && document.querySelector(outcome === 'changed' ? 'form.question' : '.feedback');

// Sort what happened: what has a page is told until that page was seen, and the rest once.
async function readNews() {
  const news = await within('readonly', (_, kept) => kept.getAll());
  const isOver = ({ page, at }) => !page || !(Date.now() - at < DAY);
  told.push(...news.filter(isOver));
  unseen = news.filter(item => !isOver(item) && !isSeen(item));
  const over = news.filter(item => !unseen.includes(item));
  await within('readwrite', (_, kept) => over.forEach(({ id }) => kept.delete(id)));
}

// Show above the page what waits and what was sent. What was told is not told again elsewhere.
async function show() {
  waiting = await storedAnswers();
  document.dispatchEvent(new CustomEvent('answers-wait', { detail: waiting.map(item => item.address) }));
  const tells = document.querySelector('main:is([data-turns], [data-counts])'); // quizzes, home, progress
  if (document.visibilityState === 'visible' && tells) await readNews();
  const box = document.querySelector('[data-waiting]'), news = [...told, ...unseen];
  if (box || waiting.length || news.length) await readWords();
  if (!words) return;
  const lines = [], isStepping = leadOn(), saysSo = document.querySelector('[data-saved-page]:not([hidden])');
  if (isElsewhere) lines.push(say('elsewhere'));
  else if (waiting.length && (isCut || !navigator.onLine) && !saysSo) lines.push(say(waiting.length > 1 ? 'more' : 'one', waiting.length));
  for (const outcome of new Set(news.map(item => item.outcome))) {
    const pages = news.filter(item => item.outcome === outcome && item.page);
    if (outcome !== 'saved') lines.push(say(outcome, '', pages));
    else if (!isStepping) lines.push(say(pages.length > 1 ? 'saved-more' : 'saved-one', pages.length, pages));
  }
  if (box || lines.length) (box ?? addBox()).replaceChildren(...lines);
  if (news.length && !waiting.length) document.querySelector('main [data-until-sent]')?.remove();
  markForm();
}

// From the feedback to what was answered offline, lead on to the next of this quiz that wasn't seen.
function leadOn() {
  const next = unseen.find(({ outcome, page }) => outcome === 'saved' && page.includes(`${place().attempt}/`));
  const link = document.querySelector('.feedback') && document.querySelector('.sticky-action a');
  if (!next || !link) return false;
  link.replaceChildren(say('next'));
  link.href = next.page;
  link.dataset.turn = '';
  return true;
}

// Nothing comes above whom to call.
function addBox() {
  const box = document.createElement('div'), main = document.querySelector('main');
  const urgent = main.querySelector('.urgent, .call-buttons');
  box.dataset.waiting = '';
  box.setAttribute('role', 'status');
  box.addEventListener('click', ({ target }) => { if (target.closest('button')) dismiss(); });
  if (urgent) urgent.after(box);
  else main.prepend(box);
  return box;
}

async function dismiss() {
  const over = unseen.filter(({ outcome }) => outcome === 'saved');
  await within('readwrite', (_, kept) => over.forEach(({ id }) => kept.delete(id)));
  told = [];
  await show();
  document.querySelector('main').focus({ preventScroll: true });
}

// A question that was answered before, as in another tab, is not sent again. While something waits,
// the button says what it does.
function markForm() {
  const form = document.querySelector('form.question');
  const button = form?.querySelector('.answer-actions button:not([name])');
  if (button) {
    button.dataset.says ??= button.textContent;
    button.textContent = waiting.length ? say('save').textContent : button.dataset.says;
  }
  if (form && waiting.some(item => item.place === placeOf(form.action, new FormData(form)))) {
    form.dataset.waits = 'yes';
  }
}

const placeOf = (address, fields) => `${address.split('#')[0]} ${fields.get('plan') ?? ''}`;

async function readWords() {
  if (words) return;
  const asked = new XMLHttpRequest();
  asked.open('GET', `${home}offline`);
  asked.responseType = 'document'; // its scripts never run
  await new Promise(done => { asked.onload = asked.onerror = done; asked.send(); });
  const found = [...asked.response?.querySelectorAll('[data-words]') ?? []];
  const copy = ({ dataset, content }) => [dataset.words, document.importNode(content, true)];
  if (found.length) words = new Map(found.map(copy));
}

// Whether something is chosen, for each line of the question if it has several.
function isAnswered(form, fields) {
  const named = [...form.elements].filter(({ name, type }) => name && !['hidden', 'submit'].includes(type));
  const lines = named.map(({ name }) => name).filter(name => name !== 'answer' && name !== 'sure');
  const isUnsure = fields.getAll('answer').includes('?');
  return isUnsure || (lines.length ? lines.every(name => fields.get(name)) : fields.has('answer'));
}

function itemOf(address, body) {
  const { owner, number } = place(), fields = [...body].filter(([name]) => name !== 'csrf_token'); // it gets old
  return { address, owner, number, fields, place: placeOf(address, body) };
}

// Have an answer on the device while it is sent, until it's `over`: then the site has read it, or it
// waits. Where the device keeps nothing, or another answer to this question, it is sent all the same.
async function holdOn(detail) {
  const over = new Promise(done => { detail.over = done; });
  const item = itemOf(detail.address, detail.body);
  const hold = async kept => {
    const adding = add(item);
    adding.then(id => onTheirWay.add(id)).catch(() => {}).finally(kept);
    const isRead = await over, id = await adding;
    if (isRead) await within('readwrite', answers => answers.delete(id));
    onTheirWay.delete(id);
  };
  const { locks } = navigator, options = { mode: 'shared', ifAvailable: true };
  await new Promise(kept => {
    const held = locks ? locks.request(NAME, options, () => hold(kept)) : hold(kept);
    held.catch(kept);
    setTimeout(kept, PATIENCE);
  });
}

document.addEventListener('answer-given', ({ detail }) => {
  if (!mayKeep() || !isAnswered(document.querySelector('form.question'), detail.body)) return;
  detail.kept = holdOn(detail);
});

// Keep an answer that couldn't be sent, and go on with the next question if it is here.
async function keep({ address, body, loadPage }) {
  const form = document.querySelector('form.question');
  await readWords();
  if (!words) return loadPage();
  if (!isAnswered(form, body)) return sayAbove(form, 'choose');
  try {
    await add(itemOf(address, body));
  } catch (error) {
    if (error?.name !== 'ConstraintError') return loadPage(); // it waits already: the first one counts
  }
  isCut = true;
  await show();
  sayKept(form, questionsAhead().find(page => !waiting.some(other => other.address === page)));
  clearTimeout(timer);
  timer = setTimeout(send, SOON); // perhaps it was only a moment
}

// Below an answer that waits, say that it is kept, and whom to call where it was about such a sign;
// then lead on. Its feedback comes here if the network is back before that.
function sayKept(form, next) {
  const sign = form.querySelector('[data-safety]'), safety = sign ? say('kept-safety') : '';
  if (sign?.dataset.safety === 'call-now') safety.querySelector('.safety-call-911')?.remove();
  if (!next) return end(safety);
  form.querySelectorAll('input:not([type=hidden]), select, button:not(.term)').forEach(field => { field.disabled = true; });
  form.querySelectorAll('.confidence, [data-said], [data-kept]').forEach(part => part.remove());
  const said = say('kept-first'), panel = said.firstElementChild, link = said.querySelector('.actions a');
  panel.after(safety);
  link.href = next;
  link.addEventListener('click', event => {
    event.preventDefault();
    openPage(next, () => end());
  });
  form.querySelector('.answer-actions').replaceWith(said);
  panel.focus();
}

function end(safety = '') {
  const form = document.querySelector('form.question'), said = say('kept');
  const heading = said.querySelector('h1');
  said.querySelector('.lead').after(safety);
  form?.replaceWith(said);
  heading.focus();
}

document.addEventListener('answer-unsent', event => {
  if (!worker || !isStoring() || !place().owner) return;
  const form = document.querySelector('form.question');
  if (!mayKeep() && form.dataset.waits) {
    delete form.dataset.waits; // it doesn't anymore
    return;
  }
  event.preventDefault();
  if (mayKeep()) keep(event.detail);
  else sayUnsent(form, event.detail);
});

// Leave the answer on the page, to be sent again with the same button, if it's for want of a network.
async function sayUnsent(form, { loadPage }) {
  await readWords();
  if (!words || await ask(`${home}offline/sender`)) return loadPage();
  sayAbove(form, 'unsent');
}

// Say something above the button, instead of what was said there before.
function sayAbove(form, name) {
  form.querySelector('[data-said]')?.remove();
  form.lastElementChild.before(say(name));
  form.querySelector('[data-said]').focus();
}

// The addresses of the questions that are still open in the quiz on this page; of its first one
// before that has an answer, the page's own.
function questionsAhead() {
  const { attempt, ahead } = place();
  if (!attempt) return [withoutPlace(location.href)];
  return ahead.split(' ').filter(Boolean).map(position => withoutPlace(`${attempt}/${position}`));
}

// Keep the questions of the quiz that is open, and no others: never what is right, or why. On other
// pages they stay for whoever comes back, until the quiz is over.
async function keepAhead() {
  if (!window.caches || !worker || navigator.connection?.saveData) return;
  const wanted = () => (mayKeep() ? questionsAhead() : []), cache = await caches.open(QUIZ);
  const kept = (await cache.keys()).map(({ url }) => url);
  const [over] = /\/quizzes\/[0-9a-f-]{36}$/.exec(location.pathname) ?? []; // the summary of a quiz
  const isOfPage = url => over && url.includes(`${over}/`);
  const isAsked = url => wanted().includes(url) || waiting.some(({ address }) => address === url);
  const isOver = place().owner ? url => !isAsked(url) : isOfPage;
  await Promise.all(kept.filter(isOver).map(url => cache.delete(url)));
  for (const address of wanted()) {
    if (kept.includes(address)) continue;
    const answer = await fetch(address, { redirect: 'manual' });
    const page = await answer.clone().text();
    // The page may have turned meanwhile, or its quiz have been begun in another tab.
    const isAhead = page.includes('name="version"') && wanted().includes(address);
    if (answer.ok && isAhead) await cache.put(address, answer);
  }
}

// Before signing out or deleting, say that something waits; then leave nothing on the device.
async function leave(form, submitter) {
  if (waiting.length && !form.dataset.isAsked) {
    await send();
    form.dataset.isAsked = 'yes';
    if (waiting.length && words) return (submitter?.closest('p') ?? form).before(say('leave'));
  }
  form.dataset.mayLeave = 'yes';
  newVisit();
  try {
    await within('readwrite', (answers, news) => { answers.clear(); news.clear(); });
    await window.caches?.delete(QUIZ);
  } catch { /* nothing is stored */ }
  form.requestSubmit(submitter);
  delete form.dataset.mayLeave; // whoever comes back to this page is asked again
  delete form.dataset.isAsked;
}

document.addEventListener('submit', event => {
  const { target: form, submitter } = event;
  if (!('leavesDevice' in { ...form.dataset, ...submitter?.dataset }) || form.dataset.mayLeave) return;
  event.preventDefault();
  leave(form, submitter);
});

// What waits is sent before anything is said about it, unless that takes long.
const begin = async () => {
  if (place().owner) await readWords();
  if (navigator.onLine && (await storedAnswers()).length) {
    await Promise.race([send(), new Promise(done => setTimeout(done, PATIENCE))]);
  }
  if (isLeaving) return;
  await show();
  if (waiting.length && !navigator.onLine) await send();
  await keepAhead();
};
const beginAgain = () => { if (isStoring()) begin().catch(() => {}); };
whenIdle(beginAgain);
addEventListener('online', beginAgain);
document.addEventListener('page-turned', () => {
  told = [];
  beginAgain();
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') beginAgain();
});
}
