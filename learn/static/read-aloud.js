/* Reads a page aloud with a voice of the reader's own device: a sentence at a time, marked where it
   stands, and only when asked to. Without this, or without such a voice, the page is whole. */
'use strict';
{
const speech = window.speechSynthesis;
const template = document.querySelector('.read-aloud > template');
const bar = template?.parentElement;
const language = document.documentElement.lang;
const marks = window.Highlight && CSS.highlights ? new Highlight() : null;
const UNREAD = '.read-aloud, .meta, .actions, .standalone-link, .term-meaning, .source, .visually-hidden, [hidden], nav, svg, '
  + '[data-unread], select:not([data-read]), [value=""], button:not(.term), details:not([open])';
// Some devices list voices that sing, joke or creak before those that speak.
const ODD = new RegExp('^(albert|bad news|bahh|bells|boing|bubbles|cellos|eddy|espeak|flo\\b|fred'
  + '|good news|grand[mp]a|jester|junior|kathy|organ|ralph|reed|rocko|sandy|shelley|superstar'
  + '|trinoids|whisper|wobble|zarvox)', 'i');
let voice, button, stopper, sentences = [], at = 0, said = null, scrolledAt = -Infinity;

const languageOf = tag => Intl.getCanonicalLocales(/^[a-z]{2,3}/i.exec(tag)?.[0] ?? 'und')[0];

// A voice that is not on the device would send the words to somebody else.
function bestVoice() {
  const rank = v => 4 * !ODD.test(v.name) + 2 * v.default
    + (v.lang.replace('_', '-') === navigator.language);
  return speech.getVoices()
    .filter(v => v.localService && languageOf(v.lang) === languageOf(language))
    .sort((a, b) => rank(b) - rank(a))[0];
}

// Voices may come late, and more than once.
function offer() {
  voice = bestVoice() ?? voice;
  if (!voice || button) return;
  template.replaceWith(template.content);
  [button, stopper] = bar.querySelectorAll('button');
  button.addEventListener('click', () => said ? pause() : read(true));
  stopper.addEventListener('click', stop);
}

// The text nodes to read, by the block that they stand in. A word with a meaning is in its line.
function blocks() {
  const found = [];
  const {FILTER_ACCEPT, FILTER_REJECT, FILTER_SKIP, SHOW_ELEMENT, SHOW_TEXT} = NodeFilter;
  const walker = document.createTreeWalker(bar.closest('main'), SHOW_ELEMENT | SHOW_TEXT, node =>
    node.data ? FILTER_ACCEPT : node.matches?.(UNREAD) ? FILTER_REJECT : FILTER_SKIP);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    let block = node.parentElement;
    while (block.matches('.term, .term *') || getComputedStyle(block).display === 'inline') {
      block = block.parentElement;
    }
    if (found.at(-1)?.block !== block) found.push({block, nodes: []});
    found.at(-1).nodes.push(node);
  }
  return found;
}

// The sentences of a block, each with the pieces of text that it is made of.
function split({block, nodes}) {
  const text = nodes.map(node => node.data).join('').replace(/\s/g, ' ');
  const parts = Intl.Segmenter
    ? [...new Intl.Segmenter(language, {granularity: 'sentence'}).segment(text)].map(s => s.segment)
    : text.match(/.+?([.!?]["”’)]*\s+|$)/g);
  let end = 0;
  return parts.flatMap(part => {
    const from = end + part.search(/\S|$/), to = from + part.trim().length;
    end += part.length;
    return /[\p{L}\p{N}]/u.test(part)
      ? {block, text: part.trim().replace(/ +/g, ' '), ranges: pieces(nodes, from, to)} : [];
  });
}

function pieces(nodes, from, to) {
  let begin = 0;
  return nodes.flatMap(node => {
    const first = Math.max(from - begin, 0), last = Math.min(to - begin, node.length);
    begin += node.length;
    if (first >= last) return [];
    const range = new Range();
    range.setStart(node, first);
    range.setEnd(node, last);
    return range;
  });
}

// How far down it begins, and whether it is in the window and not under the bar.
function placeOf({ranges}) {
  const {top, bottom} = bar.getBoundingClientRect();
  const first = ranges[0].getBoundingClientRect().top;
  const last = ranges.at(-1).getBoundingClientRect().bottom;
  const free = top > 0 ? 0 : Math.max(bottom, 0);
  return {first, seen: first === last || (first >= free && last <= innerHeight)};
}

// Keep it in the window, but leave alone who has gone to look at something else.
function follow(next, before) {
  const here = !before || placeOf(before).seen || performance.now() - scrolledAt < 2000;
  const {first, seen} = placeOf(next);
  if (!here || seen) return;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  scrollBy({top: first - innerHeight / 3, behavior: still ? 'instant' : 'smooth'});
  scrolledAt = performance.now();
}

function mark(sentence) {
  document.querySelector('.read-aloud-current')?.classList.remove('read-aloud-current');
  marks?.clear();
  sentence?.ranges.forEach(range => marks?.add(range));
  if (!marks) sentence?.block.classList.add('read-aloud-current');
}

function read(asked) {
  if (!sentences.length) sentences = blocks().flatMap(split);
  const sentence = sentences[at];
  if (!sentence) return stop();
  if (asked) show('pause');
  follow(sentence, !asked && sentences[at - 1]);
  mark(sentence);
  said = new SpeechSynthesisUtterance(sentence.text);
  said.voice = voice;
  said.lang = language;
  said.onend = ({target}) => { if (target === said) { at += 1; read(); } };
  said.onerror = ({target}) => { if (target === said) pause(); };
  speech.speak(said);
}

function hush() {
  said = null; // so that what the browser says of it from now on is not heard
  speech.cancel();
}

// Not the browser's own pause, which some never come back from: the sentence begins again.
function pause() {
  hush();
  show('goOn');
}

function stop() {
  hush();
  mark();
  sentences = [];
  at = 0;
  if (document.activeElement === stopper) button.focus({preventScroll: true});
  show('listen');
}

function show(state) {
  button.lastElementChild.textContent = button.dataset[state];
  stopper.hidden = state === 'listen';
  bar.classList.toggle('is-active', state !== 'listen');
}

if (speech && template) {
  if (marks) CSS.highlights.set('reading', marks);
  speech.addEventListener?.('voiceschanged', offer);
  addEventListener('pagehide', () => { if (said) pause(); });
  offer();
}
}
