// On the page of reports: files that are dropped, and the form of a report's tags.
// It does not know how a file is read.
(() => {
  'use strict';
  const { one, all, set, say, watch } = window.wenju;
  const page = () => one('#page-reports');
  const here = event => page() && document.documentElement.dataset.page === 'reports' &&
    [...(event.dataTransfer?.types || [])].includes('Files');

  // ---- dropping files ---------------------------------------------------------------------------
  let over = 0;
  const shown = on => { if (page()) page().classList.toggle('dropping', on); };
  document.addEventListener('dragenter', event => { if (here(event)) { over += 1; shown(true); } });
  document.addEventListener('dragleave', event => { if (here(event)) { over -= 1; shown(over > 0); } });
  document.addEventListener('dragover', event => { if (here(event)) event.preventDefault(); });
  document.addEventListener('drop', event => {
    if (!here(event)) return;
    event.preventDefault();
    over = 0;
    shown(false);
    const box = one('#page-reports input[type=file]');
    if (!box || !event.dataTransfer.files.length) return;
    box.value = '';
    box.files = event.dataTransfer.files;
    box.dispatchEvent(new Event('change', { bubbles: true }));
  });

  // ---- tags -----------------------------------------------------------------------------------------
  function turn(within, on) {
    const cell = within.closest('td'), form = one('form', cell);
    form.hidden = !on;
    one('.tags', cell).hidden = on;
    (on ? one('input', form) : one('[data-tagging]', cell)).focus();
  }
  document.addEventListener('click', event => {
    const open = event.target.closest?.('[data-tagging]'), shut = event.target.closest?.('[data-untag]');
    if (open) turn(open, true);
    if (shut) turn(shut, false);
  });
  document.addEventListener('keydown', event => {
    const form = event.target.closest?.('form.tagging');
    if (form && event.key === 'Escape') turn(form, false);
  });

  watch(() => {
    const box = one('#new-tags :is(input, textarea)');
    set(box, 'placeholder', say('tags_like'));
    set(box, 'aria-label', say('tags_for_new'));
    for (const form of all('form.tagging input')) set(form, 'placeholder', say('tags_like'));
  });
})();
