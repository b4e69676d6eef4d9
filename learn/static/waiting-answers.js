/* Keep answers that were given without a network on the device, and send them once it is back. The
   site records each once, however often it is sent, and only for whoever gave it. Where the browser
   stores nothing, a quiz works as without this script. */
'use strict';
{
const { home, worker } = document.documentElement.dataset;
const NAME = `learn-all ${home}`, QUIZ = `${NAME} quiz`;
const PAUSE = 10000, SOON = 1000; // milliseconds between attempts to send while something waits
let words, waiting = [], told = [], isElsewhere = false, timer;

const place = () => document.querySelector('[data-owner]')?.dataset ?? {};
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

const storedAnswers = () => within('readonly', answers => answers.getAll());

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

// Tell what happened to an answer, and let go of it: both or neither.
const settle = (item, outcome, page) => within('readwrite', (answers, news) => {
  answers.delete(item.id);
  return news.add({ outcome, page, number: item.number });
});

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
    else if (found?.owner === 'elsewhere') isElsewhere = true;
    else if (found?.owner !== 'you' || !await sendOne(item, found.token)) break;
  }
}

// One tab at a time; without locks two may send, and the site keeps the first.
async function send() {
  clearTimeout(timer);
  try {
    const { locks } = navigator;
    await (locks ? locks.request(NAME, { ifAvailable: true }, lock => lock && sendAll()) : sendAll());
  } catch { /* the next attempt finds the same answers */ }
  await show().catch(() => {});
  if (waiting.length && !isElsewhere) timer = setTimeout(send, PAUSE);
}

function say(name, count, pages = []) {
  const said = words.get(name).cloneNode(true);
  said.querySelectorAll('[data-n]').forEach(number => { number.textContent = count; });
  const links = pages.map(({ page, number }) => {
    const link = say('page', number);
    link.firstElementChild.href = page;
    return link;
  });
  said.querySelector('[data-pages]')?.append(...links.flatMap(link => [link, ' ']));
  return said;
}

// Show above the page what waits and what was sent. What was told is not told again elsewhere.
async function show() {
  waiting = await storedAnswers();
  if (document.visibilityState === 'visible') {
    told.push(...await within('readonly', (_, news) => news.getAll()));
    await within('readwrite', (_, news) => told.forEach(({ id }) => news.delete(id)));
  }
  const box = document.querySelector('[data-waiting]');
  if (box || waiting.length || told.length) await readWords();
  if (!words) return;
  const lines = [];
  if (isElsewhere) lines.push(say('elsewhere'));
  else if (waiting.length) lines.push(say(waiting.length > 1 ? 'more' : 'one', waiting.length));
  for (const outcome of new Set(told.map(item => item.outcome))) {
    lines.push(say(outcome, '', told.filter(item => item.outcome === outcome && item.page)));
  }
  if (box || lines.length) (box ?? addBox()).replaceChildren(...lines);
  markForm();
}

function addBox() {
  const box = document.createElement('div');
  box.dataset.waiting = '';
  box.setAttribute('role', 'status');
  document.querySelector('main').prepend(box);
  return box;
}

// A question that was answered before, as in another tab, is not sent again.
function markForm() {
  const form = document.querySelector('form.question');
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
function isAnswered(form) {
  const fields = new FormData(form), named = [...form.elements].filter(({ name, type }) => name && type !== 'hidden');
  const lines = named.map(({ name }) => name).filter(name => name !== 'answer' && name !== 'sure');
  const isUnsure = fields.getAll('answer').includes('?');
  return isUnsure || (lines.length ? lines.every(name => fields.get(name)) : fields.has('answer'));
}

// Keep an answer that couldn't be sent, and go on with the next question if it is here.
async function keep({ address, body, loadPage }) {
  const { owner, number } = place(), form = document.querySelector('form.question');
  await readWords();
  if (!words) return loadPage();
  if (!isAnswered(form)) return sayChoose(form);
  body.delete('csrf_token'); // an old one; a fresh one is fetched
  const item = { address, owner, number, fields: [...body], place: placeOf(address, body) };
  try {
    await within('readwrite', answers => answers.add(item));
  } catch (error) {
    if (error?.name !== 'ConstraintError') return loadPage(); // it waits already: the first one counts
  }
  await show();
  const next = questionsAhead().find(page => !waiting.some(other => other.address === page));
  const detail = { address: next, otherwise: end };
  if (next) document.dispatchEvent(new CustomEvent('turn-page', { detail }));
  else end();
  clearTimeout(timer);
  timer = setTimeout(send, SOON); // perhaps it was only a moment
}

function end() {
  const form = document.querySelector('form.question'), said = say('kept');
  const heading = said.querySelector('h1');
  form?.replaceWith(said);
  heading.focus();
}

document.addEventListener('answer-unsent', event => {
  if (!worker || !isStoring() || !place().owner) return;
  event.preventDefault();
  keep(event.detail);
});

function sayChoose(form) {
  if (form.querySelector('[data-choose]')) return;
  const said = say('choose'), line = said.firstElementChild;
  line.dataset.choose = '';
  line.setAttribute('role', 'alert');
  form.lastElementChild.before(said);
}

// The addresses of the questions that are still open in the quiz on this page.
function questionsAhead() {
  const { attempt, ahead } = place(), positions = ahead?.split(' ').filter(Boolean) ?? [];
  return positions.map(position => new URL(`${attempt}/${position}`, location).href);
}

// Keep the questions of the quiz that is open, and no others: never what is right, or why.
async function keepAhead() {
  if (!window.caches || !worker || navigator.connection?.saveData) return;
  const wanted = questionsAhead(), cache = await caches.open(QUIZ);
  const kept = (await cache.keys()).map(({ url }) => url);
  const isAsked = url => wanted.includes(url) || waiting.some(({ address }) => address === url);
  await Promise.all(kept.filter(url => !isAsked(url)).map(url => cache.delete(url)));
  for (const address of wanted) {
    if (kept.includes(address)) continue;
    const answer = await fetch(address, { redirect: 'error' });
    const page = await answer.clone().text();
    if (answer.ok && page.includes('name="version"')) await cache.put(address, answer);
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

const isStoring = () => Boolean(window.indexedDB);
const begin = async () => {
  if (place().owner) await readWords();
  await show();
  if (waiting.length) await send();
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
