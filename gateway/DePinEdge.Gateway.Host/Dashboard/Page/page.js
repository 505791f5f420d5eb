// The page: takes the gateway's live stream (a whole state, then changes) and keeps the document equal to it. Only what is different
// is touched, so focus, selection and scrolling stay. It only reads. Nothing here builds markup from text.

/* ---- words: every word that people read; a language is another object of this shape ---- */
const words = {
  skip: 'Skip to the jobs', sections: 'Sections', jobs: 'Jobs', devices: 'Devices', units: 'Compute units', unitsShort: 'Units', credits: 'Credits',
  readOnly: 'This page only reads. What changes something is the command depin, or the API with its token.',
  up: 'up {0}', shownOf: '{0} of {1}', showMore: 'Show {0} more', tryNow: 'Try now', none: '–',
  // the line to the gateway
  connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting', offline: 'Gateway unreachable', full: 'No free place', paused: 'Paused',
  lostNotice: 'Not live. What is shown is from {0}.', fullNotice: '{0}. This page tries again by itself.', waitingNotice: 'Waiting for the gateway.',
  troubleNotice: 'The gateway cannot tell its state: {0}. What is shown is from {1}.',
  // overview
  devicesOnline: 'Devices online', ofAll: 'of {0}', inUnits: { one: 'in {0} unit', other: 'in {0} units' }, inAttention: { one: '{0} needs attention', other: '{0} need attention' }, tasksPaid: 'Tasks paid', refusedOf: '{0} refused',
  speedNow: 'Tasks per second', inJobs: { one: '{0} job running', other: '{0} jobs running' }, waitingJobs: '{0} waiting', postedToBoards: 'Credits posted', ledger: 'Ledger',
  balanced: 'balanced', unbalanced: 'NOT BALANCED', records: { one: '{0} record', other: '{0} records' }, sinceStart: 'since this start',
  // jobs
  jobStates: { running: 'running', completed: 'completed', failed: 'failed', cancelled: 'cancelled', waits: 'waiting' }, progressOf: 'Progress of {0}', doneOf: '{0} of {1} tasks',
  rate: 'rate', perSecond: '{0}/s', eta: 'left', retried: 'retried', refusedResults: 'refused', failedTasks: 'failed', takenBy: 'took', answer: 'answer',
  answerSoFar: 'answer so far', paid: 'paid', setAside: 'set aside', forWhom: 'for {0}', waits: 'Waits: {0}',
  jobsEmpty: 'No job yet. This one counts the primes below 100,000 on the boards:',
  jobsEmptyCommand: 'depin account issue local 100\ndepin submit device/programs/primes/primes.wasm --range 0..200 --param width=500 --param limit=100000',
  // devices
  device: 'Device', state: 'State', board: 'Board', unit: 'Unit', temperature: 'Temp.', signal: 'Signal', tasksOk: 'Tasks ok', refused: 'Refused', earned: 'Earned',
  filterLabel: 'Find a device', filterHint: 'Name, board, unit', showLabel: 'Which devices', whichAll: 'All', whichOnline: 'Online', whichOffline: 'Offline',
  whichAttention: 'Needs attention', previous: 'Previous', next: 'Next', pageAt: '{0}–{1} of {2}', nothingFits: 'No device fits.',
  listed: 'the first {0} of {1}; depin device ls shows all',
  devicesEmpty: 'No board yet. This makes a join code for one:', devicesEmptyCommand: 'depin device invite --name greenhouse-1',
  deviceStates: { ready: 'ready', lost: 'offline', init: 'not seen yet', held: 'held' }, since: '{0}, {1}', lastSeen: 'seen {0} ago',
  throttled: 'throttled to one task at a time: {0}', strikes: { one: '{0} strike', other: '{0} strikes' }, lastRefusal: 'last refusal: {0}', ownedBy: 'of {0}',
  // units
  membersOnline: 'Online', speed: 'Fuel/s', openBatches: 'Batches out', onTime: 'On time', unitsEmpty: 'Like boards form a unit when they first come online.',
  listedUnits: 'the first {0} of {1}; depin unit ls shows all',
  // credits
  issued: 'Issued', issuedNote: 'by the operator', posted: 'Posted', postedNote: 'to boards, for verified tasks', escrow: 'In escrow', escrowNote: 'set aside for jobs',
  reserved: 'Reserved', reservedNote: 'for batches that are out', booksBalance: 'books balance', booksBroken: 'books do not balance',
  receipts: 'Last receipts', receiptsHint: 'PAID: output, fuel and status are equal to those of the gateway’s own run.', receiptsEmpty: 'No task has been judged since this start.', when: 'When', job: 'Job', reason: 'Reason', tasks: 'Tasks', ago: '{0} ago',
  accounts: 'Accounts', account: 'Account', accountsEmpty: 'Nobody holds credits yet. depin account issue local 100 gives some.',
  accountKinds: { req: 'requester', sys: 'the site' }, treasury: 'treasury', treasuryNote: 'what was issued, as a debt', escrowOf: 'escrow of {0}', reserveOf: 'reserve of {0}',
  listedAccounts: 'The first {0} of {1}; depin account ls shows all.',
  proof: 'Proof', epoch: 'Epoch', epochSigned: '{0}, signed', epochUnsigned: '{0}, signature pending', noEpoch: 'none sealed yet', epochHead: 'Epoch head',
  head: 'Head of the chain', verifyHow: 'Anybody can check the whole history from one file. HEAD is a head of the chain that was noted before, here or elsewhere.', verifyCommands: 'Commands that verify the ledger',
  verify: 'depin ledger export -o ledger.depin\ndepin ledger verify ledger.depin --head HEAD',
  // why a task was paid or not
  reasons: {
    PAID: 'Equal to the gateway’s own run.', WRONG_OUTPUT: 'Another output than the gateway’s own run.', WRONG_FUEL: 'Another fuel count than the gateway’s own run.',
    WRONG_STATUS: 'Another status or trap than the gateway’s own run.', BAD_MAC: 'A frame was not made with the session’s key.', REPLAYED: 'Sent before.',
    FORKED: 'Two different frames with one number.', CLONED: 'Two boards use one key. Invite the device again under its name.', LATE: 'Came after the lease had ended.',
    DUPLICATE: 'Answered before.', LEASE_EXPIRED: 'No answer before the lease ended.', ABANDONED: 'The board could not run it; no fault.',
    CANCELLED: 'The job was cancelled.', NOT_ASKED: 'The task was not in that batch.', OUT_OF_BUDGET: 'The job’s escrow does not cover more.',
    UNKNOWN_CODE: 'The join code is not known here.', USED_CODE: 'The join code was used.', EXPIRED_CODE: 'The join code’s time is over.',
    BURNED_CODE: 'Wrong answers burned the join code.', WRONG_CODE: 'The proof does not fit the join code.', NO_OFFER: 'The join began out of order.',
    NO_CREDENTIALS: 'No user name or password was sent.', THROTTLED: 'Too many wrong results: one task at a time until it is right again.',
    LIMIT_REACHED: 'A limit of the gateway is reached.',
  },
};

/* ---- numbers and times ---- */
const locale = document.documentElement.lang;
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const percent1 = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
const celsius = new Intl.NumberFormat(locale, { style: 'unit', unit: 'celsius', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const fine = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 6 });
const exact = new Intl.NumberFormat(locale, { minimumFractionDigits: 6, maximumFractionDigits: 6 });
const coarse = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const clockTime = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]].map(([unit, seconds]) =>
  [new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 }), seconds]);

const plural = new Intl.PluralRules(locale);

const say = (text, ...values) => text.replace(/\{(\d)\}/g, (_, n) => values[n]);
const count = (forms, n) => say(forms[plural.select(n)] ?? forms.other, whole.format(n));
const credits = micro => (Math.abs(micro) < 100e6 ? fine : coarse).format(micro / 1e6); // for reading
const micros = micro => exact.format(micro / 1e6); // for columns

/** Seconds as the one or two units that matter: 42 sec, 3 min, 2 hr 5 min. */
function span(seconds) {
  const left = Math.max(0, Math.floor(seconds));
  const at = units.findIndex(([, size]) => left >= size);
  if (at < 0) return units[3][0].format(0);
  const [format, size] = units[at];
  const rest = at < 2 ? Math.floor((left % size) / units[at + 1][1]) : 0;
  return format.format(Math.floor(left / size)) + (rest > 0 ? ' ' + units[at + 1][0].format(rest) : '');
}

/* ---- the document ---- */
const at = id => document.getElementById(id);

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Sets a node's text where it differs; the text node stays, and with it a selection around it. */
function put(node, text) {
  text = String(text);
  const first = node.firstChild;
  if (!first) { if (text) node.append(text); } else if (first.data !== text) first.data = text;
}

function mark(node, name, value) {
  if (value === null || value === undefined || value === '') { if (node.hasAttribute(name)) node.removeAttribute(name); }
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

const show = (node, yes) => { if (node.hidden === Boolean(yes)) node.hidden = !yes; };

/** Keeps a parent's children equal to the items: one node for each key, moved only when the order demands it. */
function list(parent, items, key, create, update) {
  const kept = parent.kept ??= new Map();
  const wanted = new Set(items.map(key));
  for (const [id, node] of kept) if (!wanted.has(id)) { node.remove(); kept.delete(id); }
  let next = parent.firstElementChild;
  for (const item of items) {
    let node = kept.get(key(item));
    if (!node) kept.set(key(item), node = create(item));
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
    if (node.item !== item) { node.item = item; update(node, item); }
  }
}

/** A table row: the first cell heads it; on a phone each cell carries its column's name. */
function row(...cells) {
  const tr = make('tr', { role: 'row' });
  tr.cell = cells.map(([style, label], n) => {
    const cell = make(n ? 'td' : 'th', n ? { role: 'cell' } : { role: 'rowheader', scope: 'row' });
    if (style) cell.className = style;
    if (label) cell.dataset.label = label;
    cell.main = cell.appendChild(make('span'));
    cell.note = cell.appendChild(make('small'));
    tr.append(cell);
    return cell;
  });
  return tr;
}

/** Terms and values; a value of null is left out. */
function pairs(parent, wanted) {
  list(parent, wanted.filter(pair => pair[1] !== null), pair => pair[0],
    () => make('div', {}, make('dt'), make('dd')),
    (node, [term, value, style]) => { put(node.children[0], term); put(node.children[1], value); mark(node.children[1], 'class', style); });
}

function tiles(parent, wanted) {
  list(parent, wanted, tile => tile[0],
    tile => make('div', { class: 'tile' }, make('dt', {}, tile[0]), make('dd'), make('dd')),
    (node, [, value, note]) => { put(node.children[1], value); put(node.children[2], note); });
}

function empty(id, yes, text, command) {
  const node = at(id);
  if (!node.firstChild) {
    node.append(make('p', {}, text));
    if (command) node.append(make('pre', {}, command));
  }
  show(node, yes);
}

/* ---- what is known ---- */
let known = null; // gateway, totals, ledger, receipts, and a Map by id for each list
let ahead = 0; // this machine's clock minus the gateway's, ms
let jobsShown = 6, unitsShown = 12, page = 0;
const pageSize = 25;
const natural = new Intl.Collator(locale, { numeric: true }).compare;
const lists = ['devices', 'units', 'jobs', 'accounts'];
const now = () => Date.now() - ahead;

function takeState(state) {
  known = { ...state };
  for (const name of lists) known[name] = new Map(state[name].map(item => [item.id, item]));
  takeTime(state);
}

function takeChange(change) {
  for (const name of ['gateway', 'totals', 'ledger', 'receipts']) if (change[name]) known[name] = change[name];
  for (const name of lists) {
    for (const id of change[name]?.gone ?? []) known[name].delete(id);
    for (const item of change[name]?.set ?? []) known[name].set(item.id, item);
  }
  takeTime(change);
}

function takeTime(message) {
  ahead = Date.now() - message.now_utc_ms;
}

/* ---- the sections ---- */
function renderOverview({ gateway, totals, ledger, jobs, devices }) {
  put(at('site'), gateway.site);
  document.title = `${gateway.site} – DePinEdge`;
  const running = [...jobs.values()].filter(job => job.state === 'running');
  const rate = running.reduce((sum, job) => sum + job.tasks_per_second, 0);
  const watched = [...devices.values()].filter(attention).length;
  const waiting = running.filter(job => job.waits).length;
  tiles(at('tiles'), [
    [words.devicesOnline, whole.format(totals.devices_online), `${say(words.ofAll, whole.format(totals.devices))}, ${watched ? count(words.inAttention, watched) : count(words.inUnits, totals.units)}`],
    [words.speedNow, tenth.format(rate), count(words.inJobs, running.length - waiting) + (waiting ? `, ${say(words.waitingJobs, whole.format(waiting))}` : '')],
    [words.tasksPaid, whole.format(totals.tasks_paid), `${say(words.refusedOf, whole.format(totals.results_refused))}, ${words.sinceStart}`],
    [words.postedToBoards, coarse.format(ledger.posted_micro / 1e6), `${words.ledger} ${ledger.balanced ? words.balanced : words.unbalanced}, ${count(words.records, ledger.records)}`],
  ]);
}

function renderJobs({ jobs, totals }) {
  const all = [...jobs.values()].sort((a, b) => (b.state === 'running') - (a.state === 'running') || natural(b.id, a.id));
  put(at('jobs-n'), totals.jobs > all.length ? say(words.shownOf, whole.format(all.length), whole.format(totals.jobs)) : all.length ? whole.format(all.length) : '');
  empty('jobs-empty', !all.length, words.jobsEmpty, words.jobsEmptyCommand);
  list(at('jobs-list'), all.slice(0, jobsShown), job => job.id, makeJob, renderJob);
  more('jobs-more', all.length - jobsShown);
}

function more(id, left) {
  show(at(id), left > 0);
  put(at(id), say(words.showMore, whole.format(Math.max(0, left))));
}

function makeJob(job) {
  const title = job.title || job.program_name;
  const node = make('li', { class: 'job' });
  node.bits = {
    state: make('span', { class: 'chip' }), sub: make('p', { class: 'sub' }), bar: make('progress', { max: 1, 'aria-label': say(words.progressOf, title) }),
    share: make('b'), waits: make('p', { class: 'waits' }), facts: make('dl', { class: 'pairs' }), done: make('span', { class: 'dim' }),
  };
  const { state, sub, bar, share, waits, facts, done } = node.bits;
  node.append(make('div', { class: 'top' }, make('h3', {}, title), state), sub, make('div', { class: 'bar' }, done, share, bar), waits, facts);
  return node;
}

function renderJob(node, job) {
  const { state, sub, bar, share, waits, facts, done } = node.bits;
  const running = job.state === 'running';
  node.className = running ? 'job' : 'job ended';
  put(state, words.jobStates[running && job.waits ? 'waits' : job.state] ?? job.state);
  state.className = 'chip ' + (running ? (job.waits ? 'warn' : 'good') : job.state === 'completed' ? '' : job.state === 'failed' ? 'bad' : 'warn');
  put(sub, `${job.id} · ${job.program_name} · ${say(words.forWhom, job.requester)}`);
  const settled = job.done + job.failed;
  if (bar.max !== job.total) bar.max = job.total;
  if (bar.value !== settled) bar.value = settled;
  put(share, percent.format(Math.floor(100 * settled / job.total) / 100));
  put(done, say(words.doneOf, whole.format(job.done), whole.format(job.total)));
  put(waits, say(words.waits, job.waits));
  show(waits, running && job.waits);
  const moving = running && !job.waits;
  const took = (job.ended_utc_ms - job.submitted_utc_ms) / 1000;
  pairs(facts, [
    [words.rate, moving ? say(words.perSecond, tenth.format(job.tasks_per_second)) : null],
    [words.eta, moving && job.tasks_per_second > 0 ? span(job.eta_seconds) : null],
    [words.takenBy, running || !job.ended_utc_ms ? null : took < 10 ? tenth.format(took) + ' s' : span(took)],
    [words.retried, whole.format(job.retried)],
    [words.refusedResults, whole.format(job.refused_results)],
    [words.failedTasks, job.failed ? whole.format(job.failed) : null],
    [words.paid, credits(job.paid_micro)],
    [words.setAside, running ? credits(job.escrow_micro) : null],
    [running ? words.answerSoFar : words.answer, job.answer ?? null, 'answer'],
  ]);
}

const attention = device => device.state === 'held' || device.strikes > 0;
const fits = {
  all: () => true, online: device => device.online, offline: device => !device.online, attention,
};

function renderDevices({ devices, totals }) {
  const sought = at('filter').value.trim().toLowerCase();
  const all = [...devices.values()];
  const found = all.filter(fits[at('which').value])
    .filter(device => !sought || `${device.id} ${device.board} ${device.unit} ${device.owner} ${device.chip}`.toLowerCase().includes(sought))
    .sort((a, b) => natural(a.id, b.id));
  const pages = Math.max(1, Math.ceil(found.length / pageSize));
  page = Math.min(page, pages - 1);
  const first = page * pageSize;
  put(at('devices-n'), !all.length ? '' : totals.devices > all.length ? say(words.listed, whole.format(all.length), whole.format(totals.devices)) : whole.format(all.length));
  show(at('devices-tools'), all.length > 0);
  empty('devices-empty', !all.length, words.devicesEmpty, words.devicesEmptyCommand);
  show(at('devices-table'), all.length > 0 && found.length > 0);
  list(at('devices-rows'), found.slice(first, first + pageSize), device => device.id, () => row(
    ['wide'], ['end'], ['spare', words.board], ['', words.unit], ['num', words.temperature], ['num', words.signal], ['num', words.tasksOk],
    ['num', words.refused], ['num', words.earned]), renderDevice);
  show(at('pager'), all.length > 0 && (pages > 1 || !found.length));
  put(at('page-at'), found.length ? say(words.pageAt, whole.format(first + 1), whole.format(Math.min(first + pageSize, found.length)), whole.format(found.length)) : words.nothingFits);
  at('page-back').disabled = page === 0;
  at('page-on').disabled = page >= pages - 1;
}

function renderDevice(node, device) {
  const [name, state, board, unit, temperature, signal, ok, refused, earned] = node.cell;
  let report = {};
  try { report = device.telemetry ? JSON.parse(device.telemetry) : {}; } catch { /* shown as absent */ }
  put(name.main, device.id);
  put(name.note, device.owner ? say(words.ownedBy, device.owner) : '');
  state.main.className = 'state';
  const slow = device.strikes >= 3;
  mark(state.main, 'data-tone', device.state === 'held' ? 'bad' : !device.online ? 'off' : device.strikes > 0 ? 'warn' : 'good');
  const why = device.state === 'held' ? `${device.held_reason}: ${words.reasons[device.held_reason] ?? ''}`
    : slow ? say(words.throttled, count(words.strikes, device.strikes)) : device.strikes > 0 ? count(words.strikes, device.strikes)
    : device.tasks_refused > 0 && device.last_refusal ? say(words.lastRefusal, device.last_refusal) : '';
  put(state.note, why);
  mark(state.note, 'class', attention(device) ? 'why' : '');
  put(board.main, device.board || words.none);
  mark(board, 'title', device.chip);
  put(unit.main, device.unit || words.none);
  put(temperature.main, report.temperature === undefined ? words.none : celsius.format(report.temperature));
  put(signal.main, report.rssi === undefined ? words.none : `${whole.format(report.rssi)} dBm`);
  put(ok.main, whole.format(device.tasks_ok));
  put(refused.main, whole.format(device.tasks_refused));
  put(earned.main, micros(device.earned_micro));
  renderAge(node, device);
}

function renderAge(node, device) {
  const word = words.deviceStates[device.state] ?? device.state;
  const age = device.online || device.state === 'held' || !device.last_seen_utc_ms ? device.since_utc_ms && say(words.since, word, span((now() - device.since_utc_ms) / 1000))
    : `${word}, ${say(words.lastSeen, span((now() - device.last_seen_utc_ms) / 1000))}`;
  put(node.cell[1].main, age || word);
}

function renderUnits({ units: all, totals }) {
  const sorted = [...all.values()].sort((a, b) => natural(a.id, b.id));
  put(at('units-n'), totals.units > sorted.length ? say(words.listedUnits, whole.format(sorted.length), whole.format(totals.units)) : sorted.length ? whole.format(sorted.length) : '');
  empty('units-empty', !sorted.length, words.unitsEmpty);
  show(at('units-table'), sorted.length > 0);
  list(at('units-rows'), sorted.slice(0, unitsShown), unit => unit.id, () => row(
    ['wide'], ['end'], ['num', words.membersOnline], ['num', words.speed], ['num', words.openBatches], ['num', words.tasksOk], ['num', words.onTime]),
  (node, unit) => [unit.id, unit.board, say(words.shownOf, whole.format(unit.online), whole.format(unit.members)), short.format(unit.fuel_per_second),
    whole.format(unit.open_batches), whole.format(unit.tasks_ok), percent1.format(unit.on_time)].forEach((text, n) => put(node.cell[n].main, text)));
  more('units-more', sorted.length - unitsShown);
}

function renderCredits({ ledger, accounts, receipts, totals }) {
  tiles(at('sums'), [
    [words.issued, credits(ledger.issued_micro), words.issuedNote], [words.posted, credits(ledger.posted_micro), words.postedNote],
    [words.escrow, credits(ledger.escrow_micro), words.escrowNote], [words.reserved, credits(ledger.reserved_micro), words.reservedNote],
  ]);
  put(at('balanced'), ledger.balanced ? words.booksBalance : words.booksBroken);
  at('balanced').className = 'chip ' + (ledger.balanced ? 'good' : 'bad');
  show(at('balanced'), true);
  empty('receipts-empty', !receipts.length, words.receiptsEmpty);
  show(at('receipts-table'), receipts.length > 0);
  show(at('receipts-hint'), receipts.length > 0);
  list(at('receipts-rows'), receipts, line => `${line.batch} ${line.reason}`,
    () => row(['when'], [''], ['last'], [''], ['num', words.tasks], ['num', words.credits]), renderReceipt);
  const sorted = [...accounts.values()].sort((a, b) => natural(a.id, b.id));
  empty('accounts-empty', !sorted.length, words.accountsEmpty);
  show(at('accounts-table'), sorted.length > 0);
  list(at('accounts-rows'), sorted, account => account.id, () => row(['wide'], ['num end']), (node, account) => {
    const [kind, name, job] = account.id.split(':');
    put(node.cell[0].main, kind === 'req' ? name : name === 'treasury' ? words.treasury : say(name === 'escrow' ? words.escrowOf : words.reserveOf, job));
    put(node.cell[0].note, name === 'treasury' ? words.treasuryNote : words.accountKinds[kind] ?? kind);
    put(node.cell[1].main, micros(account.balance_micro));
  });
  put(at('accounts-n'), totals.accounts > sorted.length ? say(words.listedAccounts, whole.format(sorted.length), whole.format(totals.accounts)) : '');
  pairs(at('proof'), [
    [words.epoch, ledger.epoch ? say(ledger.epoch_signed ? words.epochSigned : words.epochUnsigned, whole.format(ledger.epoch)) : words.noEpoch],
    [words.epochHead, ledger.epoch ? ledger.epoch_head : null, 'hash'],
    [words.head, ledger.head, 'hash'],
  ]);
}

function renderReceipt(node, line) {
  const [when, device, job, reason, tasks, sum] = node.cell;
  const paid = line.reason === 'PAID';
  put(device.main, line.device);
  put(job.main, line.job);
  put(reason.main, line.reason);
  reason.main.className = 'chip ' + (paid ? 'good' : line.reason.startsWith('WRONG') ? 'bad' : 'warn');
  reason.className = paid ? '' : 'full';
  put(reason.note, paid ? '' : words.reasons[line.reason] ?? '');
  put(tasks.main, whole.format(line.tasks));
  put(sum.main, micros(line.reward_micro));
  put(when.main, clockTime.format(line.utc_ms + ahead));
}

function renderAll() {
  if (!known) return;
  renderOverview(known);
  renderJobs(known);
  renderDevices(known);
  renderUnits(known);
  renderCredits(known);
  renderClock();
}

/** What changes with the clock alone. */
function renderClock() {
  if (!known) return;
  const { gateway } = known;
  put(at('about'), `DePinEdge ${gateway.version} · ${say(words.up, span((now() - gateway.started_utc_ms) / 1000))} · mqtt://${location.hostname}:${gateway.mqtt_port}`);
  for (const node of at('devices-rows').children) renderAge(node, node.item);
}

/* ---- the line to the gateway ---- */
const silenceMs = 15_000; // three keep-alives of the gateway's
const hiddenMs = 30_000; // a page that nobody looks at lets go of its stream
const waitsMs = [1_000, 2_000, 4_000, 8_000, 10_000];
let lastId = '', heardAt = 0, failures = 0, stream = null, retry = 0, hiding = 0;

function line(state) {
  const tone = { live: 'live', reconnecting: 'lost', full: 'lost', offline: 'offline' }[state] ?? '';
  put(at('badge'), words[state]);
  mark(at('badge'), 'data-line', tone);
  show(at('again'), tone === 'lost' || tone === 'offline');
  line.state = state;
}

function notice(text) {
  put(at('notice'), text);
  show(at('notice'), text);
}

function renderNotice() {
  const time = heardAt ? clockTime.format(heardAt) : '';
  if (line.state === 'live') notice(known?.gateway.trouble ? say(words.troubleNotice, known.gateway.trouble, clockTime.format(known.now_utc_ms + ahead)) : '');
  else if (line.state === 'full') notice(say(words.fullNotice, line.detail));
  else if (line.state === 'connecting' || line.state === 'paused') notice('');
  else notice(heardAt ? say(words.lostNotice, time) : words.waitingNotice);
}

/** Events of a stream, each {event, id, data}; calls heard for every piece, comments included. */
async function* events(body, heard) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    heard();
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const event = {};
      for (const text of block.split('\n')) {
        const colon = text.indexOf(': ');
        if (colon > 0) event[text.slice(0, colon)] = text.slice(colon + 2);
      }
      if (event.data) yield event;
    }
  }
}

async function connect() {
  clearTimeout(retry);
  stream?.abort();
  const mine = stream = new AbortController();
  let watch = 0;
  const heard = () => {
    clearTimeout(watch);
    watch = setTimeout(() => mine.abort(), silenceMs);
    if (mine !== stream) return;
    heardAt = Date.now();
    if (line.state !== 'live' && known) { failures = 0; line('live'); renderNotice(); }
  };
  if (!known) line('connecting');
  watch = setTimeout(() => mine.abort(), silenceMs);
  let refused = '';
  try {
    const response = await fetch('/live', { headers: lastId && known ? { 'Last-Event-ID': lastId } : {}, cache: 'no-store', signal: mine.signal });
    if (response.status === 429) refused = (await response.json()).detail;
    else if (response.ok) for await (const event of events(response.body, heard)) {
      if (mine !== stream) return;
      const message = JSON.parse(event.data);
      if (event.event === 'state') takeState(message); else takeChange(message);
      lastId = event.id;
      if (line.state !== 'live') { failures = 0; line('live'); }
      renderAll();
      renderNotice();
    }
  } catch (problem) {
    // The line broke, or a message did not fit what is known: the next one begins with the whole state.
    if (!mine.signal.aborted && !(problem instanceof TypeError)) lastId = '';
  } finally {
    clearTimeout(watch);
  }
  if (mine !== stream) return;
  const wait = waitsMs[Math.min(failures, waitsMs.length - 1)];
  failures++;
  line.detail = refused;
  line(refused ? 'full' : failures > 2 ? 'offline' : 'reconnecting');
  renderNotice();
  retry = setTimeout(connect, wait);
}

function letGo() {
  clearTimeout(retry);
  const was = stream;
  stream = null;
  was?.abort();
  line('paused');
}

/* ---- start ---- */
for (const node of document.querySelectorAll('[data-w]')) put(node, words[node.dataset.w]);
for (const node of document.querySelectorAll('[data-wl]')) node.setAttribute('aria-label', words[node.dataset.wl]);
for (const node of document.querySelectorAll('[data-wp]')) node.placeholder = words[node.dataset.wp];
const redraw = change => () => { change(); renderAll(); };
at('filter').addEventListener('input', redraw(() => { page = 0; }));
at('which').addEventListener('input', redraw(() => { page = 0; }));
at('page-back').addEventListener('click', redraw(() => { page--; }));
at('page-on').addEventListener('click', redraw(() => { page++; }));
at('jobs-more').addEventListener('click', redraw(() => { jobsShown += 12; }));
at('units-more').addEventListener('click', redraw(() => { unitsShown += 50; }));
at('again').addEventListener('click', connect);
addEventListener('online', connect);
document.addEventListener('visibilitychange', () => {
  clearTimeout(hiding);
  if (document.visibilityState === 'hidden') hiding = setTimeout(letGo, hiddenMs);
  else if (!stream) connect();
});
setInterval(renderClock, 1_000);
connect();
