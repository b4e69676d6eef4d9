/* Read a page aloud with a voice of the device, sentence by sentence, highlighting the current one.
   Without this script, or without such a voice, the page works the same. */
'use strict';
{
const speech = window.speechSynthesis;
const language = document.documentElement.lang;
const marks = window.Highlight && CSS.highlights ? new Highlight() : null;
const UNREAD = '.read-aloud, .meta, .actions, .standalone-link, .term-meaning, .source, .visually-hidden, [hidden], nav, svg, '
  + '[data-unread], select:not([data-read]), [value=""], button:not(.term, [data-read]), details:not([open], [data-read])';
// Novelty voices, which some devices list first.
const ODD = new RegExp('^(albert|bad news|bahh|bells|boing|bubbles|cellos|eddy|espeak|flo\\b|fred'
  + '|good news|grand[mp]a|jester|junior|kathy|organ|ralph|reed|rocko|sandy|shelley|superstar'
  + '|trinoids|whisper|wobble|zarvox)', 'i');
let template, bar, voice, button, stopper, sentences = [], index = 0, utterance = null, scrolledAt = -Infinity;

const languageOf = tag => Intl.getCanonicalLocales(/^[a-z]{2,3}/i.exec(tag)?.[0] ?? 'und')[0];

// Only local voices: others would send the text to a service.
function bestVoice() {
  const rank = v => 4 * !ODD.test(v.name) + 2 * v.default
    + (v.lang.replace('_', '-') === navigator.language);
  return speech.getVoices()
    .filter(v => v.localService && languageOf(v.lang) === languageOf(language))
    .sort((a, b) => rank(b) - rank(a))[0];
}

// Called again whenever the list of voices changes.
function addButtons() {
  voice = bestVoice() ?? voice;
  if (!voice || !template || button) return;
  template.replaceWith(template.content);
  bar.classList.remove('is-silent');
  hadNone(false);
  [button, stopper] = bar.querySelectorAll('button');
  button.addEventListener('click', () => utterance ? pause() : read(true));
  stopper.addEventListener('click', stop);
}

// Whether a node is a step of a picture that another step stands in for.
function isHiddenStep(node) {
  return node.matches?.('.steps > figure') && getComputedStyle(node).display === 'none';
}

// The text nodes to read, grouped by block element. Glossary terms belong to the block around them.
function textBlocks() {
  const found = [];
  const {FILTER_ACCEPT, FILTER_REJECT, FILTER_SKIP, SHOW_ELEMENT, SHOW_TEXT} = NodeFilter;
  const walker = document.createTreeWalker(bar.closest('main'), SHOW_ELEMENT | SHOW_TEXT, node =>
    node.data ? FILTER_ACCEPT : node.matches?.(UNREAD) || isHiddenStep(node)
      ? FILTER_REJECT : FILTER_SKIP);
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

// The sentences of a block, each with the ranges of its text.
function sentencesOf({block, nodes}) {
  const text = nodes.map(node => node.data).join('').replace(/\s/g, ' ');
  const parts = Intl.Segmenter
    ? [...new Intl.Segmenter(language, {granularity: 'sentence'}).segment(text)].map(s => s.segment)
    : text.match(/.+?([.!?]["”’)]*\s+|$)/g);
  let end = 0;
  return parts.flatMap(part => {
    const from = end + part.search(/\S|$/), to = from + part.trim().length;
    end += part.length;
    return /[\p{L}\p{N}]/u.test(part)
      ? {block, text: part.trim().replace(/ +/g, ' '), ranges: rangesOf(nodes, from, to)} : [];
  });
}

function rangesOf(nodes, from, to) {
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

// The top of a sentence, and whether all of it is visible below the bar.
function position({ranges}) {
  const {top, bottom} = bar.getBoundingClientRect();
  const first = ranges[0].getBoundingClientRect().top;
  const last = ranges.at(-1).getBoundingClientRect().bottom;
  const free = top > 0 ? 0 : Math.max(bottom, 0);
  return {first, seen: first === last || (first >= free && last <= innerHeight)};
}

// Scroll to the next sentence, unless the reader has scrolled away from the previous one.
function follow(next, before) {
  const isFollowing = !before || position(before).seen || performance.now() - scrolledAt < 2000;
  const {first, seen} = position(next);
  if (!isFollowing || seen) return;
  const isReduced = matchMedia('(prefers-reduced-motion: reduce)').matches;
  scrollBy({top: first - innerHeight / 3, behavior: isReduced ? 'instant' : 'smooth'});
  scrolledAt = performance.now();
}

function highlight(sentence) {
  document.querySelector('.read-aloud-current')?.classList.remove('read-aloud-current');
  marks?.clear();
  sentence?.ranges.forEach(range => marks?.add(range));
  if (!marks) sentence?.block.classList.add('read-aloud-current');
}

function read(byReader) {
  if (!sentences.length) sentences = textBlocks().flatMap(sentencesOf);
  const sentence = sentences[index];
  if (!sentence) return stop();
  if (byReader) show('pause');
  sentence.block.closest('details')?.setAttribute('open', ''); // the answer of a pause
  follow(sentence, !byReader && sentences[index - 1]);
  highlight(sentence);
  utterance = new SpeechSynthesisUtterance(sentence.text);
  utterance.voice = voice;
  utterance.lang = language;
  utterance.onend = ({target}) => { if (target === utterance) { index += 1; read(); } };
  utterance.onerror = ({target}) => { if (target === utterance) pause(); };
  speech.speak(utterance);
}

function cancelSpeech() {
  utterance = null; // ignore later events of the cancelled utterance
  speech.cancel();
}

// Not speechSynthesis.pause(), from which some browsers never resume: the sentence starts again.
function pause() {
  cancelSpeech();
  show('goOn');
}

function stop() {
  cancelSpeech();
  highlight();
  sentences = [];
  index = 0;
  if (document.activeElement === stopper) button.focus({preventScroll: true});
  show('listen');
}

function show(state) {
  button.lastElementChild.textContent = button.dataset[state];
  stopper.hidden = state === 'listen';
  bar.classList.toggle('is-active', state !== 'listen');
}

// Most browsers know their voices at once, others soon. Without any, the bar takes no room, unless
// the reader is already below it, or a question's answers would move under a finger.
// A browser that had no voice on the page before has none now: then there is no gap from the start.
const hadNone = isSo => {
  try {
    if (isSo !== undefined) sessionStorage.setItem('no-voice', isSo ? 'yes' : '');
    return sessionStorage.getItem('no-voice') === 'yes';
  } catch {
    return false;
  }
};
const leaveNoGap = isNew => bar?.classList.toggle('is-silent',
  !button && (isNew || !bar.matches('.read-aloud-beside') && bar.getBoundingClientRect().bottom > 0));

// Called again when another script has put another page in place of this one.
function start() {
  if (utterance) stop();
  template = document.querySelector('.read-aloud > template');
  bar = template?.parentElement;
  button = null;
  sentences = [];
  index = 0;
  if (speech) addButtons();
  if (!speech || voice || hadNone()) leaveNoGap(true);
  else {
    setTimeout(() => {
      hadNone(!button);
      leaveNoGap();
    }, 500);
  }
}

if (speech) {
  if (marks) CSS.highlights.set('reading', marks);
  speech.addEventListener?.('voiceschanged', addButtons);
  addEventListener('pagehide', () => { if (utterance) pause(); });
}
document.addEventListener('page-turned', start);
start();
}
