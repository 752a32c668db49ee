// Lights quotations in the report pane, and keeps language, light, page, keys and sheets.
// It does not know how an answer is made: marks and offsets come with the answer card.
(() => {
  'use strict';
  const root = document.documentElement;
  const PAGES = ['ask', 'reports', 'evaluate'];
  const narrow = matchMedia('(max-width: 860px)');
  narrow.addEventListener('change', () => closeSheet());
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const night = matchMedia('(prefers-color-scheme: dark)');
  const words = JSON.parse(document.getElementById('wenju-words').textContent);
  const one = (query, within = document) => within.querySelector(query);
  const all = (query, within = document) => [...within.querySelectorAll(query)];

  // A browser may forbid storage; then a choice lasts as long as the page.
  const kept = {
    read(key) { try { return localStorage.getItem('wenju-' + key); } catch { return null; } },
    write(key, value) { try { localStorage.setItem('wenju-' + key, value); } catch { /* forbidden */ } },
  };

  // ---- language and light -------------------------------------------------------------------
  const say = name => words[name][root.lang.startsWith('zh') ? 0 : 1];

  function setLanguage(lang) {
    root.lang = lang;
    follow();
  }

  function set(element, name, value) {
    if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
  }

  // What the other scripts build on: `watch` calls back after every change of the page.
  const watchers = [];
  window.wenju = Object.assign(window.wenju || {}, {
    one, all, set, kept, say, light, darken, copied,
    current: card => { current = card; }, zh: () => root.lang.startsWith('zh'), watch: act => { watchers.push(act); act(); },
    pair: name => ['zh', 'en'].map((side, at) =>
      `<span class="${side}" lang="${at ? 'en' : 'zh-CN'}">${words[name][at]}</span>`).join(''),
  });

  function label() {
    const box = one('#question textarea');
    set(box, 'placeholder', say('placeholder'));
    set(one('#find-talk'), 'placeholder', say('find_talk'));
    set(one('#doc'), 'aria-label', say('report_pane'));
    for (const [id, name] of [['add', 'add'], ['own-set', 'own_set']]) {
      const text = one(`button#${id}, #${id} button`);
      if (text && text.dataset.said !== say(name)) {
        const node = [...text.childNodes].find(child => child.nodeType === 3 && child.data.trim());
        if (node) node.data = say(name);
        text.dataset.said = say(name);
      }
    }
  }

  function setLight(light) {
    root.dataset.light = light;
    document.body?.classList.toggle('dark', light === 'dark');
  }

  const asked = new URLSearchParams(location.search).get('__theme');
  const wanted = () => kept.read('light') || (['dark', 'light'].includes(asked) ? asked : '') ||
    (night.matches ? 'dark' : 'light');
  root.lang = kept.read('language') || (navigator.language.startsWith('zh') ? 'zh-CN' : 'en');
  setLight(wanted());
  night.addEventListener('change', () => setLight(wanted()));

  // ---- pages --------------------------------------------------------------------------------
  function turnTo(page) {
    root.dataset.page = page;
    for (const link of all('nav [data-page]')) {
      if (link.dataset.page === page) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }
  const named = () => PAGES.find(page => location.hash === '#' + page) || 'ask';
  turnTo(named());
  addEventListener('hashchange', () => turnTo(named()));

  // ---- the sheet over the chat on a narrow screen -------------------------------------------
  let opener = null;
  // What lies under the sheet cannot be reached until it is closed.
  const beneath = away => { for (const part of all('#chat, #bar')) part.inert = away; };
  function openSheet(from) {
    if (!narrow.matches) return;
    opener = from || document.activeElement;
    root.dataset.sheet = 'open';
    beneath(true);
    one('[data-close-sheet]')?.focus({ preventScroll: true });
  }
  function closeSheet() {
    if (root.dataset.sheet !== 'open') return;
    delete root.dataset.sheet;
    beneath(false);
    opener?.focus?.({ preventScroll: true });
  }

  // ---- lighting quotations ------------------------------------------------------------------
  const row = number => one(`#paper .p[data-number="${number}"] .t`);

  function darken() {
    shutPages();
    for (const text of all('#paper .p.hit .t')) text.textContent = text.textContent;
    for (const paragraph of all('#paper .p.hit')) paragraph.classList.remove('hit');
    one('#paper .paper')?.classList.remove('lit');
  }

  // Offsets count code points, as Python does; JavaScript's own string offsets do not.
  function paint(text, pieces) {
    const letters = Array.from(text.textContent);
    const parts = [];
    let at = 0;
    for (const piece of [...pieces].sort((a, b) => a.start - b.start || b.end - a.end)) {
      const start = Math.max(piece.start, at);
      if (piece.end <= start) continue;
      const mark = document.createElement('mark');
      mark.className = `h${(piece.mark - 1) % 5 + 1}`;
      mark.dataset.mark = piece.mark;
      mark.textContent = letters.slice(start, piece.end).join('');
      parts.push(letters.slice(at, start).join(''), mark);
      at = piece.end;
    }
    text.replaceChildren(...parts, letters.slice(at).join(''));
    text.parentElement.classList.add('hit');
  }

  // Open a report in a version, the current one where none is named, or what that version changed.
  async function openReport(id, version = '', changes = '') {
    const shown = one('#paper .paper')?.dataset || {};
    const wanted = changes ? `changes ${version}` : String(version);
    if (shown.report === id && (wanted ? shown.version === wanted : 'current' in shown)) return;
    await window.wenju?.openReport?.({ id, version, changes });
    await new Promise(done => setTimeout(done, 60));  // the pane is drawn in the next frame
  }

  function bring(element, quickly) {
    const pane = one('#doc');
    const here = element.getBoundingClientRect(), frame = pane.getBoundingClientRect();
    const top = pane.scrollTop + here.top - frame.top - frame.height * 0.3;
    pane.scrollTo({ top: Math.max(0, top), behavior: quickly || still.matches ? 'auto' : 'smooth' });
  }

  // Light every quotation of an answer that stands in the chosen mark's report; go to that mark.
  async function light(card, mark, from) {
    const pieces = JSON.parse(card.dataset.cites || '[]');
    const chosen = pieces.find(piece => piece.mark === mark);
    if (!chosen) return;
    await openReport(chosen.report, chosen.version);
    darken();
    const here = pieces.filter(piece => piece.report === chosen.report && piece.version === chosen.version);
    for (const number of new Set(here.map(piece => piece.paragraph))) {
      const text = row(number);
      if (text) paint(text, here.filter(piece => piece.paragraph === number));
    }
    one('#paper .paper')?.classList.add('lit');
    const lit = one(`#paper mark[data-mark="${mark}"]`);
    for (const mine of all(`#paper mark[data-mark="${mark}"]`)) mine.classList.add('chosen');
    current = card;
    if (from) openSheet(from);
    if (lit) bring(lit, !!from && narrow.matches);
    if (lit) showPages(chosen, here);
  }

  // ---- the page as it was printed, below the paragraph ---------------------------------------------------
  const shutPages = () => { for (const figure of all('#paper .sheetpage')) figure.remove(); };
  async function showPages(chosen, pieces) {
    shutPages();
    const place = row(chosen.paragraph)?.closest('.p');
    if (!place?.dataset.page) return;
    const quoted = pieces.filter(piece => piece.paragraph === chosen.paragraph);
    const html = await window.wenju.showPage({ ...chosen, pieces: quoted });
    if (!html || !place.isConnected || !place.classList.contains('hit')) return;
    shutPages();
    place.insertAdjacentHTML('afterend', html);
    const mark = one('#paper .sheetpage i');
    const leaf = mark?.closest('.printed'), image = leaf && one('img', leaf);
    if (image && !image.complete) await image.decode().catch(() => 0);
    if (leaf) leaf.scrollTop = mark.offsetTop - leaf.clientHeight / 3;
  }

  async function showPage(button) {
    const shown = button.nextElementSibling?.matches('.sheetpage');
    shutPages();
    if (shown) return;
    const { report, version } = one('#paper .paper').dataset;
    button.insertAdjacentHTML('afterend', await window.wenju.showPage({ report, version, page: button.dataset.showPage }));
  }

  async function goTo(report, number, from, version = '') {
    await openReport(report, version);
    darken();
    const text = row(number);
    if (!text) return;
    text.parentElement.classList.add('hit');
    one('#paper .paper').classList.add('lit');
    openSheet(from);
    bring(text, narrow.matches);
  }

  // ---- clicks and keys ----------------------------------------------------------------------
  let current = null;  // the card whose marks the digit keys mean
  const card = () => (current?.isConnected ? current : all('#turns .ans[data-cites]').pop());

  async function toClipboard(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {  // no clipboard outside a secure page: select a copy and use the old command
      const box = Object.assign(document.createElement('textarea'), { value: text });
      document.body.append(box);
      box.select();
      document.execCommand('copy');
      box.remove();
    }
  }

  async function copied(button, text, name) {
    await toClipboard(text);
    const before = button.innerHTML;
    button.textContent = say(name);
    setTimeout(() => { button.innerHTML = before; }, 1500);
  }

  // ---- sheets -------------------------------------------------------------------------------
  function showSheet(id) {
    for (const open of all('dialog[open]')) open.close();
    one(`dialog#${id}`)?.showModal();
  }

  // ---- the card of a quotation under the pointer or the focus ---------------------------------
  let peeked = null;
  function peek(mark) {
    const card = mark.closest('.ans'), source = one(`.sources a.cite[data-mark="${mark.dataset.mark}"]`, card);
    if (!source || mark === source) return;
    const box = document.createElement('div');
    box.className = `peek c${(mark.dataset.mark - 1) % 5 + 1}`;
    box.id = 'peek';
    box.setAttribute('role', 'tooltip');
    const place = source.nextElementSibling.cloneNode(true);
    one('.told', place)?.remove();
    const quote = Object.assign(document.createElement('p'), { textContent: source.dataset.quote, lang: 'zh-CN' });
    box.append(quote, place);
    unpeek();
    peeked = box;
    card.append(box);
    mark.setAttribute('aria-describedby', 'peek');
    const at = mark.getBoundingClientRect(), frame = card.getBoundingClientRect();
    box.style.top = `${at.bottom - frame.top + 4}px`;
    if (at.bottom + box.offsetHeight + 8 > innerHeight) box.style.top = `${at.top - frame.top - box.offsetHeight - 8}px`;
  }
  function unpeek() {
    peeked?.remove();
    peeked = null;
    for (const mark of all('a.cite[aria-describedby]')) mark.removeAttribute('aria-describedby');
  }
  const hoverable = matchMedia('(hover: hover)');
  let leaving = 0;
  document.addEventListener('pointerover', event => {
    const mark = event.target.closest?.('.quote a.cite');
    const inside = mark || event.target.closest?.('.peek');
    clearTimeout(leaving);
    if (mark && hoverable.matches && mark.getAttribute('aria-describedby') !== 'peek') peek(mark);
    else if (!inside && peeked) leaving = setTimeout(unpeek, 150);  // time to move onto the card
  });
  document.addEventListener('focusin', event => {
    const mark = event.target.closest?.('.quote a.cite');
    if (mark && mark.matches(':focus-visible')) peek(mark);
    else if (peeked) unpeek();
  });

  // The contents and the versions open over the report, and close when anything else is pressed.
  function shutContents(pressed) {
    for (const contents of all('#paper details[open]')) if (!contents.contains(pressed)) contents.open = false;
  }

  const CLICKS = {
    'a.cite': mark => light(mark.closest('.ans'), Number(mark.dataset.mark), mark),
    'a.near-link': link => goTo(link.dataset.report, link.dataset.paragraph, link, link.dataset.version),
    '[data-goto]': link => {
      const contents = link.closest('details');
      if (contents) contents.open = false;
      else openSheet(link);
      bring(one(`#paper [data-before="${link.dataset.goto}"]`), narrow.matches);
    },
    '[data-copy]': button => copied(button, button.dataset.copy, 'copied'),
    'button[data-sheet]': openSheet,
    '[data-close-sheet]': closeSheet,
    '[data-sheet-of]': button => showSheet(button.dataset.sheetOf),
    '[data-shut]': button => button.closest('dialog').close(),
    'a[data-page]': link => { location.hash = link.dataset.page; },
    '[data-open]': async link => {
      location.hash = 'ask';
      if (link.dataset.at) return goTo(link.dataset.open, link.dataset.at, link);
      await openReport(link.dataset.open, link.dataset.version, link.dataset.changes);
      openSheet(link);
    },
    '[data-show-page]': showPage,
    '[data-shut-page]': shutPages,
    '[data-edition]': async link => {
      await openReport(link.dataset.edition, link.dataset.version, link.dataset.changes);
      one('#doc').scrollTop = 0;
      one('#paper .editions summary')?.focus({ preventScroll: true });
    },
    '[data-language]': () => {
      setLanguage(root.lang.startsWith('zh') ? 'en' : 'zh-CN');
      kept.write('language', root.lang);
    },
    'button[data-light]': () => {
      setLight(root.dataset.light === 'dark' ? 'light' : 'dark');
      kept.write('light', root.dataset.light);
    },
    '[data-remove]': button => {
      if (button.classList.contains('sure')) return;
      setTimeout(() => button.classList.add('sure'), 0);
      setTimeout(() => button.classList.remove('sure'), 4000);
    },
  };

  document.addEventListener('click', event => {
    for (const [query, act] of Object.entries(CLICKS)) {
      const found = event.target.closest?.(query);
      if (!found) continue;
      if (found.tagName === 'A') event.preventDefault();
      shutContents(found);
      act(found);
      return;
    }
    shutContents(event.target);
  });

  const KEYS = {
    '?': () => showSheet('shortcuts'),
    '/': () => { location.hash = 'ask'; one('#question textarea').focus(); },
  };
  window.wenju.keys = KEYS;

  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      if (peeked) return unpeek();
      if (!one('dialog[open]')) closeSheet();
      return;
    }
    const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
    if (typing || event.ctrlKey || event.metaKey || event.altKey || one('dialog[open]')) return;
    const last = card();
    if (/^[1-9]$/.test(event.key)) {
      if (last) light(last, Number(event.key), one(`a.cite[data-mark="${event.key}"]`, last));
    } else if (KEYS[event.key]) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });

  // ---- where in the report one is --------------------------------------------------------------
  function tellPlace() {
    const pane = one('#doc'), told = one('.running');
    if (!pane || !told) return;
    const top = pane.getBoundingClientRect().top + 64;
    const path = [];
    for (const heading of all('#paper :is(h1, h2, h3, h4)')) {
      if (heading.getBoundingClientRect().bottom > top) break;
      const level = Number(heading.tagName[1]) - 1;
      path.length = level;
      path[level] = level ? heading.textContent.split(/[,，]/)[0] : heading.textContent;
    }
    const text = path.filter(Boolean).slice(path.length > 1 ? 1 : 0).join(' › ');
    if (told.textContent !== text) told.textContent = text;
    one('.dochead').classList.toggle('shown', !!text);
  }
  let telling = false;
  document.addEventListener('scroll', event => {
    if (telling || event.target.id !== 'doc') return;
    telling = true;
    requestAnimationFrame(() => { telling = false; tellPlace(); });
  }, true);

  // ---- asking about what is selected in the report ---------------------------------------------------
  const LONGEST_SELECTION = 120;
  let asking = null;
  function offerToAsk() {
    asking?.remove();
    asking = null;
    const selection = getSelection();
    const text = selection.isCollapsed ? '' : selection.toString().replace(/\s+/g, ' ').trim();
    const within = text && selection.anchorNode?.parentElement?.closest('#paper .t');
    if (!within) return;
    asking = document.createElement('button');
    Object.assign(asking, { type: 'button', className: 'chip asking', textContent: say('ask_about') });
    asking.dataset.askAbout = Array.from(text).slice(0, LONGEST_SELECTION).join('');
    const pane = one('#paper').getBoundingClientRect(), at = selection.getRangeAt(0).getBoundingClientRect();
    one('#paper').append(asking);
    asking.style.top = `${at.bottom - pane.top + 6}px`;
    asking.style.left = `${Math.max(0, Math.min(at.left - pane.left, pane.width - asking.offsetWidth))}px`;
  }
  let settling = 0;
  document.addEventListener('selectionchange', () => {
    clearTimeout(settling);
    settling = setTimeout(() => { if (!asking?.matches(':focus')) offerToAsk(); }, 200);
  });
  // Pressing the button must not take the selection away before it is read.
  document.addEventListener('pointerdown', event => { if (event.target === asking) event.preventDefault(); });
  document.addEventListener('click', event => {
    const pressed = event.target.closest?.('[data-ask-about]');
    if (!pressed) return;
    const box = one('#question textarea');
    const text = say('about_this').replace('{text}', pressed.dataset.askAbout);
    const report = one('#paper .paper').dataset;
    getSelection().removeAllRanges();
    asking?.remove();
    asking = null;
    closeSheet();
    location.hash = 'ask';
    window.wenju.limit?.(`report=${encodeURIComponent(report.report)}` +
      ('current' in report ? '' : `&version=${report.version.replace('changes ', '')}`));
    box.value = text;
    box.focus();
    box.dispatchEvent(new Event('input', { bubbles: true }));
  });

  // ---- following what changes on the page -------------------------------------------------------
  function follow() {
    label();
    for (const act of watchers) act();
    turnTo(root.dataset.page);
    set(one('#paper .paper'), 'tabindex', '-1');
    tellPlace();
  }

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  }).observe(document.body, { childList: true, subtree: true });
  // Gradio sets its own class by the system's colours when it starts; the reader's choice stands.
  new MutationObserver(() => {
    if (document.body.classList.contains('dark') !== (root.dataset.light === 'dark')) setLight(root.dataset.light);
  }).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  follow();
})();
