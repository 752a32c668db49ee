// On the page of evaluation: filters the failed cases, chooses the figure by kind, saves downloads.
// It does not know what a case is; every row says its kind and its fault.
(() => {
  'use strict';
  const { one, all, set, zh, watch } = window.wenju;

  function label() {
    const side = zh() ? 'zh' : 'en';
    for (const option of all('option[data-zh]')) {
      if (option.textContent !== option.dataset[side]) option.textContent = option.dataset[side];
    }
    const card = one('#result .scorecard');
    const compare = one('[data-does="compare"]');
    if (compare && compare.hidden !== !card) compare.hidden = !card;
    const busy = !!one('#result .progress');
    const run = one('[data-does="run"]');
    if (run && run.disabled !== busy) run.disabled = busy;
  }

  function filter() {
    const kind = one('#by-kind').value, fault = one('#by-fault').value;
    let shown = 0;
    for (const row of all('.failures tbody tr')) {
      row.hidden = !['*', row.dataset.kind].includes(kind) || !['*', row.dataset.fault].includes(fault);
      shown += !row.hidden;
    }
    one('.failures .nothing').hidden = shown > 0;
    one('.failures thead').hidden = shown === 0;
  }

  const CHANGES = {
    'by-kind': filter,
    'by-fault': filter,
    'by-figure': choice => {
      for (const table of all('table.kinds')) table.hidden = table.dataset.figure !== choice.value;
    },
  };
  document.addEventListener('change', event => CHANGES[event.target.id]?.(event.target));

  function save({ name, kind, text }) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: kind }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  const CLICKS = {
    '[data-download]': async button => save(
      await window.wenju.download({ card: button.dataset.of, what: button.dataset.download }),
    ),
    '[data-adopt]': async () => save(await window.wenju.adopt()),
    '[data-drafts]': async () => save(await window.wenju.drafts()),
    '[data-case]': button => {
      for (const other of all('[data-case]')) set(other, 'aria-pressed', String(other === button));
      opened = null;
    },
  };
  document.addEventListener('click', event => {
    for (const [query, act] of Object.entries(CLICKS)) {
      const found = event.target.closest?.(query);
      if (found) act(found);
    }
  });

  // A case that was asked for is brought into sight once it is drawn.
  let opened = '';
  function bring() {
    const title = one('#case .case h2');
    if (!title || opened === title) return;
    if (opened === null) {
      title.focus({ preventScroll: true });
      title.closest('.case').scrollIntoView({ block: 'start', behavior: 'auto' });
    }
    opened = title;
  }

  // ---- lists that are drawn anew with every press: what was typed and where one stood stays ---------
  const typed = new Map();
  let stood = null;
  document.addEventListener('input', event => {
    const row = event.target.closest?.('.draft');
    if (row) typed.set(`${row.dataset.id} ${event.target.className}`, event.target.value);
  });
  document.addEventListener('click', event => {
    const button = event.target.closest?.('[data-review], .draft [data-draft]');
    if (!button) return;
    const list = button.closest('#review, #drafts');
    stood = { list: list.id, at: all('li', button.closest('ul')).indexOf(button.closest('li')) };
    const row = button.closest('.draft');
    if (row) for (const box of ['question', 'answers']) typed.delete(`${row.dataset.id} ${box}`);
  });

  function putBack() {
    for (const [name, text] of typed) {
      const [id, box] = name.split(' ');
      const input = one(`.draft[data-id="${id}"] .${box}`);
      if (input && input.value !== text) input.value = text;
    }
    if (!stood || document.activeElement !== document.body) return;
    const rows = all(`#${stood.list} li`);
    const row = rows[Math.min(stood.at, rows.length - 1)];
    stood = null;
    one('button', row || document.body)?.focus({ preventScroll: true });
  }

  watch(() => { label(); bring(); putBack(); });
})();
