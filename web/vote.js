// Sends a reader's word on an answer, and lets the right passage be pointed out in the report.
// It does not know how a vote is kept; the server says what to answer.
(() => {
  'use strict';
  const { one, all, pair, watch } = window.wenju;
  const said = new Map();  // answer -> key of the phrase that stands where its buttons were
  let pointing = '';       // the answer whose right passage may be pointed out

  // On a narrow screen the report lies under the chat until it is opened.
  const opener = () => `<button type="button" class="chip opener" data-sheet>${pair('open_report')}</button>`;
  const phrase = name => `<span class="said" role="status">${pair(name)}</span>`;
  const card = key => one(`.ans[data-answer="${key}"]`);

  // The conversation is drawn anew with every answer; what was said is put back.
  function restore() {
    for (const [key, name] of said) {
      const ballot = card(key) && one('.ballot', card(key));
      const told = name + (pointing === key ? ' +' : '');
      if (!ballot || ballot.dataset.told === told) continue;
      ballot.dataset.told = told;
      ballot.innerHTML = phrase(name) + (pointing === key ? phrase('point_it_out') + opener() : '');
      if (pointing !== key) for (const button of all('[data-right]', card(key))) button.remove();
    }
  }

  async function send(button, key, verdict, place) {
    button.disabled = true;
    let answer = 'vote_failed';
    try {
      answer = await window.wenju.server.vote({ answer: key, verdict, ...place });
    } catch { /* the phrase says it */ }
    button.disabled = false;
    if (answer === 'vote_failed') return fail(key);
    stopPointing();
    said.set(key, answer);
    if (answer === 'thanks' && verdict === 'down') pointing = key;
    restore();
    offer();
  }

  function fail(key) {
    const foot = card(key) && one('.foot', card(key));
    foot?.insertAdjacentHTML('beforeend', phrase('vote_failed'));
    setTimeout(() => foot && one('.foot > .said', card(key))?.remove(), 4000);
  }

  // ---- pointing a passage out in the report ---------------------------------------------------
  function offer() {
    if (!pointing || !('current' in (one('#paper .paper')?.dataset || {}))) return;
    for (const row of all('#paper .p:not(.about)')) {
      if (one('[data-this]', row)) continue;
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', className: 'chip this', innerHTML: pair('right_passage') });
      button.dataset.this = row.dataset.number;
      row.append(button);
    }
  }

  function stopPointing() {
    pointing = '';
    for (const button of all('#paper [data-this]')) button.remove();
  }

  document.addEventListener('click', event => {
    const verdict = event.target.closest?.('[data-vote]'), right = event.target.closest?.('[data-right]');
    const here = event.target.closest?.('[data-this]');
    const answer = (verdict || right)?.closest('.ans').dataset.answer;
    if (verdict) send(verdict, answer, verdict.dataset.vote, {});
    if (right) send(right, answer, 'passage', { report: right.dataset.report, paragraph: right.dataset.paragraph });
    if (here) {
      send(here, pointing, 'passage', { report: one('#paper .paper').dataset.report, paragraph: here.dataset.this });
    }
  });

  watch(() => { restore(); offer(); });
})();
