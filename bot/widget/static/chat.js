// The whole behaviour of the web chat page: what the server renders is shown, what the person does is posted.
// A message keeps one id from the first try to the last, so that sending it again can never double it.
const page = document.body.dataset;
const $ = (selector, root = document) => root.querySelector(selector);
const log = $('[role=log]'), scroller = $('main'), form = $('.composer'), box = $('textarea'), pick = $('input[type=file]');
const tray = $('.tray'), quote = $('.quote'), dots = $('.typing'), note = $('.note'), place = $('.place'), offline = $('.offline');
const address = (tail) => `${page.base}/${tail}?as=${page.as}&lang=${page.lang}`;
const touch = matchMedia('(pointer: coarse)').matches, title = document.title;
let stuck = true, unread = 0, replyTo = '', files = [], soon = 0, timers = {};

const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };
const later = (name, ms, what) => { clearTimeout(timers[name]); timers[name] = setTimeout(what, ms); };

function newId() { // crypto.randomUUID is missing on plain http, where a phone tries a shop in the same network
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
  return [...b].map((x, i) => ([4, 6, 8, 10].includes(i) ? '-' : '') + x.toString(16).padStart(2, '0')).join('');
}

function say(text) {
  note.textContent = text; note.classList.add('shown');
  later('note', 3500, () => note.classList.remove('shown'));
}

function typing(on) {
  dots.hidden = !on;
  if (on) { if (stuck) toEnd(); later('typing', 8000, () => { dots.hidden = true; }); }
}

const quiet = () => { clearTimeout(timers.dots); typing(false); };

// the last words stay in sight when the keyboard or the tray takes room, unless the person has scrolled back
scroller.addEventListener('scroll', () => { stuck = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 160; });
new ResizeObserver(() => { if (stuck && log.firstElementChild) toEnd(); }).observe(scroller);

function show({ html, mine }) { // a new message, or a new look of one that is already there
  const holder = document.createElement('template');
  holder.innerHTML = html;
  const fresh = holder.content.firstElementChild, old = document.getElementById(fresh.id), stay = mine || stuck;
  if (old && old.dataset.row === fresh.dataset.row) return;
  if (old) old.replaceWith(fresh); else log.append(fresh);
  scroller.classList.add('talked');
  if (!mine) { quiet(); hint(); if (document.hidden) document.title = `(${++unread}) ${title}`; }
  if (stay) { toEnd(); fresh.querySelectorAll('img').forEach((img) => img.addEventListener('load', toEnd, { once: true })); }
}

async function hint() { // a person who has just claimed the shop is told what comes next
  if (!$('.hint [data-type="/claim"]')) return;
  const there = await (await fetch(location.href)).text();
  const fresh = $('.hint', new DOMParser().parseFromString(there, 'text/html'));
  if (fresh) $('.hint').replaceWith(fresh);
}

// ---- what comes -----------------------------------------------------------------------------------------------------
let stream, cursor = page.cursor;
function listen() {
  stream = new EventSource(`${address('events')}&after=${cursor}`);
  stream.onopen = () => { clearTimeout(timers.offline); offline.hidden = true; pump(); };
  stream.onmessage = (event) => { if (event.lastEventId) cursor = event.lastEventId; show(JSON.parse(event.data)); };
  stream.addEventListener('typing', () => typing(true));
  stream.addEventListener('toast', (event) => { quiet(); say(JSON.parse(event.data).text); });
  stream.onerror = () => {
    later('offline', 4000, () => { offline.hidden = false; });
    if (stream.readyState === EventSource.CLOSED) later('listen', 3000, listen);
  };
}
addEventListener('pageshow', (event) => { if (event.persisted) { stream.close(); listen(); } });
document.addEventListener('visibilitychange', () => { if (!document.hidden) { unread = 0; document.title = title; } });

// ---- what goes ------------------------------------------------------------------------------------------------------
const waiting = []; // in the order written; the first is being sent
let busy = false;

function send(fields, bubble, done) {
  const data = new FormData();
  data.append('id', bubble ? bubble.id.slice(2) : newId());
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) if (one) data.append(name, one);
  waiting.push({ data, bubble, done, tries: 0 });
  pump();
}

const hasFiles = ({ data }) => [...data.values()].some((value) => value instanceof File);
const drawer = `unsent ${page.base} ${page.as}`;
function keep() { // words that are on their way when the page is left go on from the next one, under the same id
  const kept = waiting.filter((item) => item.bubble && !hasFiles(item)).map(({ data }) => [...data]);
  try { sessionStorage.setItem(drawer, JSON.stringify(kept)); } catch { /* no storage: only the page's own life */ }
}

function resume() {
  let kept = [];
  try { kept = JSON.parse(sessionStorage.getItem(drawer) || '[]'); sessionStorage.removeItem(drawer); } catch { return; }
  for (const { id, ...fields } of kept.map(Object.fromEntries)) if (!document.getElementById(`m-${id}`)) send(fields, pending(fields.text || '📍', [], id));
}

function pump() {
  if (busy || !waiting.length) return;
  busy = true; clearTimeout(timers.again);
  const item = waiting[0], request = new XMLHttpRequest();
  request.open('POST', address('messages'));
  request.timeout = 120000;
  request.upload.onprogress = (event) => item.bubble?.style.setProperty('--done', event.loaded / event.total);
  request.onloadend = () => {
    busy = false;
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* a proxy's own page: treated by its status */ }
    const settled = request.status === 200 || (request.status >= 400 && request.status < 500 && ![408, 429].includes(request.status));
    if (settled) { waiting.shift(); item.done?.(); }
    if (request.status === 200) { if (answer.html) show(answer); if (answer.typing) later('dots', 500, () => typing(true)); item.bubble?.urls?.forEach(URL.revokeObjectURL); }
    else if (item.bubble) unsent(item, answer.error || page.unsent, settled);
    else say(answer.error || page.unsent);
    if (settled) pump(); else later('again', Math.min(30000, 2000 * 2 ** item.tries++), pump);
  };
  request.send(item.data);
}

function unsent({ bubble }, text, settled) {
  const line = $('.unsent', bubble);
  line.textContent = text + ' ';
  if (settled) return;
  const again = document.createElement('button');
  again.type = 'button'; again.textContent = page.retry; again.onclick = pump;
  line.append(again);
}

function pending(text, pictures = [], id = newId()) {
  const bubble = $('#pending').content.firstElementChild.cloneNode(true);
  bubble.id = `m-${id}`;
  bubble.urls = pictures.filter((file) => file.type.startsWith('image/')).map((file) => URL.createObjectURL(file));
  $('.text', bubble).textContent = [text, ...pictures.filter((file) => !file.type.startsWith('image/')).map((file) => file.name)].filter(Boolean).join('\n');
  bubble.classList.toggle('upload', pictures.length > 0);
  const frame = $('.pictures', bubble);
  frame.classList.add(`n${Math.min(4, bubble.urls.length)}`);
  for (const url of bubble.urls) { const img = new Image(); img.src = url; img.alt = ''; const cell = document.createElement('span'); cell.className = 'picture'; cell.append(img); frame.append(cell); }
  log.append(bubble); scroller.classList.add('talked'); toEnd();
  return bubble;
}

function submit() {
  const text = box.value.trim();
  if (!text && !files.length) return;
  send({ text, files, reply_to: replyTo }, pending(text, files));
  box.value = ''; files = []; answer(''); drawTray(); grow(); toBox();
}

const sayNow = (text) => { send({ text }, pending(text)); toBox(); };
const toBox = () => { if (!touch) box.focus(); }; // what had the focus goes away: the keyboard must not be left nowhere
function grow() { if (!CSS.supports('field-sizing', 'content')) { box.style.height = 'auto'; box.style.height = `${box.scrollHeight + 2}px`; } }
function answer(id, text = '') { replyTo = id; quote.hidden = !id; $('span', quote).textContent = text; if (id) box.focus(); }

// ---- pictures -------------------------------------------------------------------------------------------------------
function add(list, hurry) { // a picked file goes by itself after a moment, unless a caption is begun; a dropped one waits
  for (const file of list) {
    if (file.size > +page.maxBytes) say(page.tooBig);
    else if (files.length >= +page.maxFiles) say(page.tooMany);
    else files.push(file);
  }
  drawTray(hurry && !box.value.trim());
}

function drawTray(hurry = false) {
  clearTimeout(soon);
  tray.hidden = !files.length;
  tray.classList.toggle('soon', hurry && files.length > 0);
  if (hurry && files.length) soon = setTimeout(submit, 2500);
  tray.querySelectorAll('img').forEach((img) => URL.revokeObjectURL(img.src));
  tray.replaceChildren(...files.map((file, i) => {
    const cell = document.createElement('li'), remove = document.createElement('button');
    if (file.type.startsWith('image/')) { const img = new Image(); img.src = URL.createObjectURL(file); img.alt = file.name; cell.append(img); } else cell.append(file.name.slice(-12));
    remove.type = 'button'; remove.textContent = '×'; remove.setAttribute('aria-label', page.remove);
    remove.onclick = () => { files.splice(i, 1); drawTray(); };
    cell.append(remove);
    return cell;
  }));
}

// ---- hands ----------------------------------------------------------------------------------------------------------
async function copy(button) {
  const text = button.dataset.copy, label = $('span', button), before = label.textContent;
  try { await navigator.clipboard.writeText(text); } catch { // plain http has no clipboard API
    const spare = document.createElement('textarea');
    spare.value = text; document.body.append(spare); spare.select(); document.execCommand('copy'); spare.remove();
  }
  label.textContent = page.copied;
  setTimeout(() => { label.textContent = before; }, 1800);
}

function locate() {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => send({ lat: String(coords.latitude), lon: String(coords.longitude) }, pending('📍')),
    () => say(page.noLocation), { enableHighAccuracy: true, timeout: 15000 });
}

document.addEventListener('click', ({ target }) => {
  if (!target.closest('.menu')) $('.menu[open]')?.removeAttribute('open');
  const button = target.closest('button');
  if (!button) return;
  const { press, copy: text, ask, reply, say: words, type } = button.dataset;
  if (text !== undefined) copy(button);
  else if (press !== undefined) { button.disabled = true; send({ button: press, message: button.closest('.msg').dataset.row }, null, () => { button.disabled = false; }); toBox(); }
  else if (ask === 'location') locate();
  else if (ask) box.focus();
  else if (reply) { const card = button.closest('.msg'); answer(reply, ($('.title', card) || $('.text', card))?.textContent || '📷'); }
  else if (words) sayNow(words);
  else if (type) { box.value = type + ' '; box.focus(); }
});
form.addEventListener('submit', (event) => { event.preventDefault(); submit(); });
box.addEventListener('keydown', (event) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); } });
box.addEventListener('input', () => { grow(); clearTimeout(soon); tray.classList.remove('soon'); });
pick.addEventListener('change', () => { add(pick.files, true); pick.value = ''; });
box.addEventListener('paste', (event) => { if (event.clipboardData.files.length) { event.preventDefault(); add(event.clipboardData.files); } });
addEventListener('dragover', (event) => { if (event.dataTransfer.types.includes('Files')) { event.preventDefault(); $('.panel').classList.add('dropping'); } });
addEventListener('dragleave', (event) => { if (!event.relatedTarget) $('.panel').classList.remove('dropping'); });
addEventListener('drop', (event) => { event.preventDefault(); $('.panel').classList.remove('dropping'); add(event.dataTransfer.files); });
addEventListener('offline', () => { offline.hidden = false; });
addEventListener('online', () => { offline.hidden = stream.readyState === EventSource.OPEN; pump(); });
addEventListener('beforeunload', (event) => { if (waiting.some(hasFiles)) event.preventDefault(); });
addEventListener('pagehide', keep);
$('button', quote).onclick = () => answer('');
place.onclick = locate;
place.hidden = page.as === 'staff' || !(isSecureContext && 'geolocation' in navigator);
if (page.start) { send({ start: page.start }); history.replaceState(null, '', page.base + (page.as === 'staff' ? '?as=staff' : '')); }
if (log.firstElementChild) toEnd();
resume();
listen();
toBox();
