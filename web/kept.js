// Keeps conversations in this browser: by name, to be found, opened, renamed, deleted and exported.
// It does not know how a turn is answered or drawn.
(() => {
  'use strict';
  const { one, all, say, kept, watch } = window.wenju;
  const MOST = 100;         // conversations that are kept; the oldest without a name go first
  const AGAIN = 2000;       // milliseconds between two looks whether the server is back
  const LOOK = 10000;       // milliseconds between two looks whether it is still there
  const NAME = 60;          // characters of a question that stand for a name

  // Which conversation this tab shows; a reload keeps it, another tab has its own.
  const mine = {
    read() { try { return sessionStorage.getItem('wenju-talk'); } catch { return null; } },
    write(id) { try { sessionStorage.setItem('wenju-talk', id); } catch { /* forbidden */ } },
  };
  const fresh = () => [...crypto.getRandomValues(new Uint32Array(2))].map(part => part.toString(36)).join('');
  let id = mine.read() || fresh();
  mine.write(id);

  function read() {
    try {
      const talks = JSON.parse(kept.read('talks') || '[]');
      return Array.isArray(talks) ? talks.filter(talk => talk?.id && Array.isArray(talk.turns)) : [];
    } catch {
      return [];
    }
  }

  // Where the browser's room is full, the oldest are let go until the rest fits.
  function write(talks) {
    talks = [...talks].sort((a, b) => b.at - a.at);
    for (let most = MOST; most >= 1; most = Math.floor(most / 2)) {
      const text = JSON.stringify(talks.filter((talk, at) => at < most || talk.name));
      kept.write('talks', text);
      if (kept.read('talks') === text) return true;
    }
    return false;
  }

  const title = talk => talk.name || talk.turns[0]?.question.slice(0, NAME) || '';
  const current = () => read().find(talk => talk.id === id);

  function save() {
    const turns = window.wenju.talk.turns();
    const before = current();
    if (turns.length) {
      const told = JSON.stringify(turns);
      if (before && JSON.stringify(before.turns) === told) return;
      const talks = read().filter(talk => talk.id !== id);
      const good = write([...talks, { id, name: before?.name || '', at: Date.now(), turns }]);
      if (!good) one('#note').textContent = say('not_kept');
    }
  }

  // What is shown goes on as a conversation of its own; what was kept so far stays as it is.
  function fork() {
    save();
    id = fresh();
    mine.write(id);
  }
  window.wenju.fork = fork;

  // ---- the bar above the conversation ---------------------------------------------------------------
  function bar() {
    const here = window.wenju.talk.turns().length, any = here || read().length;
    const bar = one('.talkbar');
    if (!bar) return;
    bar.classList.toggle('shown', !!any);
    bar.classList.toggle('asked', !!here);
    const name = here ? title(current() || { turns: window.wenju.talk.turns() }) : '';
    const told = one('.talk-title', bar);
    if (told.textContent !== name) told.textContent = name;
  }

  function begin() {
    if (window.wenju.talk.busy()) return;
    id = fresh();
    mine.write(id);
    window.wenju.talk.show([]);
    for (const sheet of all('dialog[open]')) sheet.close();
    location.hash = 'ask';
    one('#question textarea').focus();
  }

  async function open(other) {
    const talk = read().find(one => one.id === other);
    if (!talk || window.wenju.talk.busy()) return;
    id = other;
    mine.write(id);
    one('dialog#talks').close();
    await window.wenju.talk.show(talk.turns);
  }

  // ---- the sheet of conversations ---------------------------------------------------------------------
  function button(does, talk, text) {
    const made = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
    made.className = does === 'open' ? 'open-talk' : 'chip';
    made.dataset.does = does;
    made.dataset.of = talk.id;
    return made;
  }

  function row(talk) {
    const item = document.createElement('li');
    const opener = button('open', talk, title(talk));
    if (talk.id === id) opener.setAttribute('aria-current', 'true');
    const day = new Date(talk.at).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
    const count = say('questions').replace('{count}', talk.turns.length);
    const facts = Object.assign(document.createElement('small'), { textContent: `${day} · ${count}` });
    item.append(opener, facts, button('rename', talk, say('rename')), button('delete', talk, say('delete')));
    return item;
  }

  function list() {
    const wanted = one('#find-talk').value.trim().toLowerCase();
    const text = talk => [talk.name, ...talk.turns.flatMap(turn => [turn.question, turn.answer.text])].join('\n');
    const talks = read().sort((a, b) => b.at - a.at);
    const found = talks.filter(talk => text(talk).toLowerCase().includes(wanted));
    const none = Object.assign(document.createElement('li'), { textContent: say(talks.length ? 'none_found' : 'no_talks') });
    one('#talk-list').replaceChildren(...(found.length ? found.map(row) : [none]));
  }

  function openList() {
    one('#find-talk').value = '';
    list();
    one('dialog#talks').showModal();
  }

  function rename(pressed) {
    const item = pressed.closest('li'), talk = read().find(one => one.id === pressed.dataset.of);
    const form = document.createElement('form'), input = document.createElement('input');
    Object.assign(input, { value: title(talk), maxLength: 80 });
    input.setAttribute('aria-label', say('name'));
    form.className = 'rename';
    form.append(input, Object.assign(document.createElement('button'), { className: 'chip', textContent: say('rename') }));
    form.addEventListener('submit', event => {
      event.preventDefault();
      write(read().map(one => (one.id === talk.id ? { ...one, name: input.value.trim() } : one)));
      list();
      bar();
      one(`[data-does="rename"][data-of="${talk.id}"]`)?.focus();
    });
    item.replaceChildren(form);
    input.select();
  }

  function remove(pressed) {
    if (!pressed.classList.contains('sure')) {
      pressed.classList.add('sure');
      pressed.textContent = say('delete_sure');
      return;
    }
    write(read().filter(talk => talk.id !== pressed.dataset.of));
    if (pressed.dataset.of === id) {
      id = fresh();
      mine.write(id);
      window.wenju.talk.show([]);
    }
    list();
    one('#find-talk').focus();
  }

  async function take(pressed) {
    const turns = window.wenju.talk.turns();
    let file;
    try {
      file = await window.wenju.server.take({ turns, name: current()?.name || '', kind: pressed.dataset.export });
    } catch {
      one('#note').textContent = say('export_failed');
      return;
    }
    const bytes = Uint8Array.from(atob(file.bytes), letter => letter.charCodeAt(0));
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes], { type: file.kind }));
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  const CLICKS = {
    '[data-talks]': openList,
    '[data-new]': begin,
    '[data-export]': take,
    '#talk-list [data-does="open"]': pressed => open(pressed.dataset.of),
    '#talk-list [data-does="rename"]': rename,
    '#talk-list [data-does="delete"]': remove,
  };
  document.addEventListener('click', event => {
    for (const [query, act] of Object.entries(CLICKS)) {
      const found = event.target.closest?.(query);
      if (found) return act(found);
    }
  });
  document.addEventListener('input', event => { if (event.target.id === 'find-talk') list(); });
  Object.assign(window.wenju.keys, { h: openList, n: begin });

  // ---- on opening the page -------------------------------------------------------------------------------
  const asked = new URLSearchParams(location.search);
  const LIMITS = ['report', 'tag', 'year', 'version'];
  async function restore() {
    if (asked.get('q')) {
      id = fresh();
      mine.write(id);
      history.replaceState(null, '', location.pathname + location.hash);
      const query = new URLSearchParams();
      for (const name of LIMITS) if (asked.get(name)) query.set(name, asked.get(name));
      const report = asked.get('report');
      if (report) await window.wenju.openReport?.({ id: report, version: asked.get('version') || '' });
      window.wenju.ask(asked.get('q'), null, query.toString());
    } else if (current()) {
      await window.wenju.talk.show(current().turns);
    }
  }
  // The page may have been drawn before or after this script was read.
  if (window.wenju.server) restore();
  else document.addEventListener('wenju-server', restore, { once: true });
  document.addEventListener('wenju-talk', () => { if (!window.wenju.talk.busy()) save(); bar(); });

  // A tab that was duplicated shows the same conversation: once the other one writes, each goes on as its own.
  addEventListener('storage', event => {
    if (event.key !== 'wenju-talks') return;
    const there = current();
    if (there && there.turns.length > window.wenju.talk.turns().length) {
      id = fresh();
      mine.write(id);
      save();
    }
  });

  // ---- when the server goes away ---------------------------------------------------------------------------
  let away = false;
  const draft = { read: () => sessionStorage.getItem('wenju-draft'), write: text => sessionStorage.setItem('wenju-draft', text) };
  let server = '';  // by what name the server has been known since this page was opened
  async function alive() {
    try {
      const told = await fetch(new URL('gradio_api/app_id', document.baseURI), { cache: 'no-store' });
      return told.ok ? String((await told.json()).app_id) : '';
    } catch {
      return '';
    }
  }

  async function lost() {
    if (away) return;
    away = true;
    one('#away').hidden = false;
    while (!(await alive())) await new Promise(done => setTimeout(done, AGAIN));
    try { draft.write(one('#question textarea').value); } catch { /* forbidden */ }
    location.reload();  // the other pages' events belong to a session that is gone
  }

  async function look() {
    if (away || document.hidden || window.wenju.talk.busy()) return;
    const now = await alive();
    if (!now || (server && now !== server)) lost();
    server = server || now;
  }
  setInterval(look, LOOK);
  look();

  document.addEventListener('wenju-away', lost);
  document.addEventListener('visibilitychange', look);
  watch(() => {
    bar();
    const box = one('#question textarea');
    try {
      if (!box || !draft.read()) return;
      box.value = draft.read();
      draft.write('');
    } catch { /* forbidden */ }
  });
})();
