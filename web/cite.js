// Lights quotations in the report pane, and keeps language, light, page and sheet.
// It does not know how an answer is made: marks and offsets come with the answer card.
(() => {
  'use strict';
  const root = document.documentElement;
  const PAGES = ['ask', 'reports', 'evaluate'];
  const narrow = matchMedia('(max-width: 860px)');
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
    one, all, set, zh: () => root.lang.startsWith('zh'), watch: act => { watchers.push(act); act(); },
    pair: name => ['zh', 'en'].map((side, at) =>
      `<span class="${side}" lang="${at ? 'en' : 'zh-CN'}">${words[name][at]}</span>`).join(''),
  });

  function label() {
    const box = one('#question textarea');
    set(box, 'placeholder', say('placeholder'));
    set(box, 'aria-label', say('question'));
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
  function openSheet(from) {
    if (!narrow.matches) return;
    opener = from || document.activeElement;
    root.dataset.sheet = 'open';
    one('#close-sheet button')?.focus({ preventScroll: true });
  }
  function closeSheet() {
    if (root.dataset.sheet !== 'open') return;
    delete root.dataset.sheet;
    opener?.focus?.({ preventScroll: true });
  }

  // ---- lighting quotations ------------------------------------------------------------------
  const row = number => one(`#paper .p[data-number="${number}"] .t`);

  function darken() {
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

  async function openReport(id) {
    if (one('#paper .paper')?.dataset.report === id) return;
    await window.wenju?.openReport?.(id);
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
    await openReport(chosen.report);
    darken();
    const here = pieces.filter(piece => piece.report === chosen.report);
    for (const number of new Set(here.map(piece => piece.paragraph))) {
      const text = row(number);
      if (text) paint(text, here.filter(piece => piece.paragraph === number));
    }
    one('#paper .paper')?.classList.add('lit');
    const lit = one(`#paper mark[data-mark="${mark}"]`);
    for (const mine of all(`#paper mark[data-mark="${mark}"]`)) mine.classList.add('chosen');
    current = card.dataset.turn;
    if (from) openSheet(from);
    if (lit) bring(lit, !!from && narrow.matches);
  }

  async function goTo(report, number, from) {
    await openReport(report);
    darken();
    const text = row(number);
    if (!text) return;
    text.parentElement.classList.add('hit');
    one('#paper .paper').classList.add('lit');
    openSheet(from);
    bring(text, narrow.matches);
  }

  // ---- clicks and keys ----------------------------------------------------------------------
  let current = null;  // the turn whose marks the digit keys mean
  const card = () => one(`.ans[data-turn="${current}"]`) || all('.ans[data-turn]').pop();

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {  // no clipboard outside a secure page: select a copy and use the old command
      const box = Object.assign(document.createElement('textarea'), { value: button.dataset.copy });
      document.body.append(box);
      box.select();
      document.execCommand('copy');
      box.remove();
    }
    const before = button.innerHTML;
    button.textContent = say('copied');
    setTimeout(() => { button.innerHTML = before; }, 1500);
  }

  const CLICKS = {
    'a.cite': mark => light(mark.closest('.ans'), Number(mark.dataset.mark), mark),
    'a.near-link': link => goTo(link.dataset.report, link.dataset.paragraph, link),
    '[data-goto]': link => {
      link.closest('details').open = false;
      bring(one(`#paper [data-before="${link.dataset.goto}"]`));
    },
    '[data-copy]': copy,
    'button[data-sheet]': openSheet,
    '#close-sheet button': closeSheet,
    'a[data-page]': link => { location.hash = link.dataset.page; },
    '[data-open]': async link => {
      location.hash = 'ask';
      if (link.dataset.at) return goTo(link.dataset.open, link.dataset.at, link);
      await openReport(link.dataset.open);
      openSheet(link);
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
      act(found);
      return;
    }
    const contents = one('#paper details[open]');
    if (contents && !contents.contains(event.target)) contents.open = false;
  });

  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') return closeSheet();
    const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = card();
    if (last && /^[1-9]$/.test(event.key)) light(last, Number(event.key), one(`a.cite[data-mark="${event.key}"]`, last));
  });

  // ---- following the conversation -----------------------------------------------------------
  let turns = 0, lit = '';

  // Show the newest turn from its question on, as far down as it fits.
  function showTurn(talk) {
    const question = all('.me', talk).pop();
    if (!question) return;
    const above = question.getBoundingClientRect().top - talk.getBoundingClientRect().top - 26;
    talk.scrollTop = Math.min(talk.scrollHeight - talk.clientHeight, talk.scrollTop + above);
  }

  function follow() {
    label();
    for (const act of watchers) act();
    turnTo(root.dataset.page);
    set(one('#paper .paper'), 'tabindex', '-1');
    const talk = one('#talk');
    const asked = all('.me', talk || document).length;
    if (talk && asked !== turns) {
      turns = asked;
      showTurn(talk);
      current = null;
    }
    const last = all('.ans[data-turn]').pop();
    if (!last || last.classList.contains('busy')) return;
    const name = `${last.dataset.turn} ${last.dataset.cites}`;
    if (name === lit) return;
    lit = name;
    showTurn(talk);
    const first = JSON.parse(last.dataset.cites || '[]')[0];
    if (first) light(last, first.mark, null);
    else darken();
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
