// Holds the conversation: asks, stops, asks again, and shows what comes back from the server.
// Every question is a call of its own and takes the turns before it along; where turns are kept is not known here.
(() => {
  'use strict';
  const { one, all, set, say, watch, light, darken } = window.wenju;
  const HISTORY = 12;       // earlier turns that are told with a question
  const PATIENCE = 20000;   // milliseconds after Stop until the page no longer waits for the server's last word
  let busy = null;          // the turn that grows: {section, run, control}

  const turns = () => one('#turns');
  const box = () => one('#question textarea');
  const shape = name => one(`#talk template[data-shape="${name}"]`).content.cloneNode(true);
  const key = () => [...crypto.getRandomValues(new Uint32Array(3))].map(part => part.toString(36)).join('');
  const tell = text => { one('#live').textContent = text; };
  const changed = () => document.dispatchEvent(new Event('wenju-talk'));

  function note(name) {
    const place = one('#note');
    place.textContent = say(name);
    clearTimeout(note.fading);
    note.fading = setTimeout(() => { place.textContent = ''; }, 6000);
  }

  // ---- asking -----------------------------------------------------------------------------------
  class Refused extends Error {}

  async function* grown(sent, signal) {
    const api = new URL('gradio_api/call/turn', document.baseURI);
    const body = JSON.stringify({ data: [sent] });
    const joined = await fetch(api, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal });
    if (!joined.ok) throw new Refused(joined.status === 503 ? 'queue_full' : 'failed');
    const { event_id } = await joined.json();
    const stream = await fetch(`${api}/${event_id}`, { signal });
    if (!stream.ok) throw new Refused('failed');
    const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '', ended = false;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      text += value;
      const parts = text.split('\n\n');
      text = parts.pop();
      for (const part of parts) {
        const [, name, data] = part.match(/^event: (\w+)\ndata: (.*)/s) || [];
        if (name === 'error') throw new Refused('failed');
        if (name === 'complete') ended = true;
        if (name === 'generating' || name === 'complete') yield JSON.parse(data)[0];
      }
    }
    if (!ended) throw new TypeError('the stream broke off');
  }

  function earlier(section) {
    const told = [];
    for (let one = section.previousElementSibling; one && told.length < HISTORY; one = one.previousElementSibling) {
      if (one.kept) told.unshift({ question: one.kept.question, answer: one.kept.answer.text });
    }
    return told;
  }

  function begin(question, instead) {
    const section = document.createElement('section');
    section.className = 'turn';
    section.dataset.question = question;
    section.append(shape('bubble'), shape('waiting'));
    one('.me', section).append(question);
    if (instead) instead.replaceWith(section);
    else turns().append(section);
    return section;
  }

  function draw(section, html) {
    section.innerHTML = html;
  }

  // ---- what part of the library is asked -------------------------------------------------------
  let limited = '';
  const chooser = () => one('#limit');
  // A report that was taken out can no longer be chosen.
  const offered = query => [...(chooser()?.options || [])].some(option => option.value === query);
  function limit(query) {
    limited = query;
    if (chooser() && offered(query)) chooser().value = query;
  }
  document.addEventListener('change', event => { if (event.target === chooser()) limited = chooser().value; });

  const within = () => (offered(limited) ? limited : '');

  async function ask(text, instead = null, query = within()) {
    const question = text.trim();
    if (!question) return false;
    if (busy) {
      note('busy');
      return false;
    }
    if (instead?.nextElementSibling) leaveOut(instead);
    const section = begin(question, instead);
    section.dataset.limit = query;
    limit(query);
    busy = { section, run: key(), control: new AbortController() };
    changed();
    tell(say('working'));
    showTurn(section);
    const sent = { question, history: earlier(section), run: busy.run, limit: query, writer: one('#writer')?.value || '' };
    try {
      for await (const value of grown(sent, busy.control.signal)) {
        draw(section, value.html);
        section.kept = value.kept || undefined;
        if (value.back && !box().value) box().value = question;
      }
    } catch (error) {
      fail(section, error);
    }
    busy = null;
    finish(section);
    return true;
  }

  // An earlier question that is asked anew ends what came after it here; all of that stays as a conversation kept.
  function leaveOut(from) {
    window.wenju.fork();
    while (from.nextElementSibling) from.nextElementSibling.remove();
    note('forked');
  }

  function fail(section, error) {
    const asked = one('.me', section), growing = one('.ans', section);
    if (error.name === 'AbortError' && one('.quote', growing)) return growing.classList.remove('busy');
    const name = error.name === 'AbortError' ? 'failed' : error instanceof Refused ? error.message : 'unreachable';
    section.replaceChildren(asked, shape(name));
    if (name === 'unreachable') document.dispatchEvent(new Event('wenju-away'));
  }

  function finish(section) {
    const answer = one('.ans', section), first = JSON.parse(answer.dataset.cites || '[]')[0];
    const said = [one('.lead', answer), one('.quote', answer)].filter(Boolean).map(part => part.innerText).join(' ');
    tell(said || answer.innerText);
    changed();
    showTurn(section);
    window.wenju.current(answer);
    if (first) light(answer, first.mark, null);
    else darken();
  }

  // Show the newest turn from its question on, as far down as it fits.
  function showTurn(section) {
    const talk = one('#talk');
    const above = section.getBoundingClientRect().top - talk.getBoundingClientRect().top - 26;
    talk.scrollTop = Math.min(talk.scrollHeight - talk.clientHeight, talk.scrollTop + above);
  }

  async function stop() {
    if (!busy) return;
    const { run, control } = busy;
    setTimeout(() => control.abort(), PATIENCE);
    try {
      await window.wenju.server.stop({ run });
    } catch {
      control.abort();
    }
  }

  // ---- the question box ---------------------------------------------------------------------------
  async function send() {
    const text = box().value;
    if (!text.trim() || busy) return ask(text);
    box().value = '';
    fit();
    return ask(text);
  }

  // Browsers that cannot size a box to its content have it done here.
  function fit() {
    if (CSS.supports('field-sizing', 'content')) return;
    box().style.height = 'auto';
    box().style.height = `${Math.min(box().scrollHeight, 160)}px`;
  }

  document.addEventListener('input', event => { if (event.target === box()) fit(); });
  document.addEventListener('keydown', event => {
    // While a Chinese word is being composed, Enter chooses it.
    const enter = event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
    if (enter && event.target === box()) {
      event.preventDefault();
      send();
    } else if (enter && event.target.closest?.('.editing textarea')) {
      event.preventDefault();
      event.target.form.requestSubmit();
    } else if (event.key === 'Escape' && busy && !one('dialog[open]') && !document.documentElement.dataset.sheet) {
      stop();
    } else if (event.key === 'Escape' && event.target.closest?.('.editing')) {
      cancelEdit(event.target);
    }
  });

  // ---- asking again -----------------------------------------------------------------------------
  function edit(section) {
    const form = shape('editing').firstElementChild, asked = one('.me', section);
    const text = one('textarea', form);
    text.value = section.dataset.question;
    asked.hidden = true;
    asked.after(form);
    text.focus();
  }

  function cancelEdit(within) {
    const section = within.closest('.turn');
    one('.editing', section).remove();
    one('.me', section).hidden = false;
    one('[data-edit]', section)?.focus();
  }

  document.addEventListener('submit', event => {
    if (!event.target.matches('.editing')) return;
    event.preventDefault();
    const text = one('textarea', event.target).value;
    if (text.trim()) again(text, event.target.closest('.turn'));
  });

  // The last question goes to what is chosen now, an earlier one to what it was put to.
  function again(text, section) {
    return ask(text, section, section.nextElementSibling ? section.dataset.limit || '' : within());
  }

  // A link leads to the question as it was searched: a follow-up says nothing by itself.
  function address(button) {
    const section = button.closest('.turn'), query = new URLSearchParams(section.dataset.limit || '');
    const link = new URL(location.pathname, location.origin);
    link.searchParams.set('q', section.kept?.answer.searched || section.dataset.question);
    for (const [name, value] of query) link.searchParams.set(name, value);
    return link.href;
  }

  // What comes next is again put to what was chosen before.
  async function askEarlier(button) {
    const before = within();
    if (await ask(button.dataset.ask, null, button.dataset.earlier)) limit(before);
  }

  const CLICKS = {
    '[data-does="submit"]': send,
    '[data-does="stop"]': stop,
    '[data-earlier]': button => askEarlier(button),
    '[data-ask]': chip => { location.hash = 'ask'; ask(chip.dataset.ask); },
    '[data-again]': button => again(button.closest('.turn').dataset.question, button.closest('.turn')),
    '[data-edit]': button => edit(button.closest('.turn')),
    '[data-cancel-edit]': cancelEdit,
    '[data-link]': button => window.wenju.copied(button, address(button), 'link_copied'),
  };
  document.addEventListener('click', event => {
    for (const [query, act] of Object.entries(CLICKS)) {
      const found = event.target.closest?.(query);
      if (found) return act(found);
    }
  });

  // ---- for those who keep and show conversations ---------------------------------------------------
  Object.assign(window.wenju, {
    ask, limit,
    talk: {
      busy: () => !!busy,
      turns: () => all('#turns .turn').map(section => section.kept).filter(Boolean),
      async show(kept) {
        const shown = kept.length ? await window.wenju.server.show({ turns: kept }) : [];
        turns().replaceChildren(...shown.flatMap((html, at) => {
          if (!html) return [];
          const section = Object.assign(document.createElement('section'), { className: 'turn', kept: kept[at] });
          section.dataset.question = kept[at].question;
          section.dataset.limit = kept[at].limit?.query || '';
          draw(section, html);
          return [section];
        }));
        darken();
        changed();
        const last = turns().lastElementChild;
        limit(last?.dataset.limit || '');
        if (last) showTurn(last);
      },
    },
  });

  watch(() => {
    set(box(), 'placeholder', say('placeholder'));
    const side = window.wenju.zh() ? 'zh' : 'en';
    for (const group of all('#limit optgroup')) set(group, 'label', group.dataset[side]);
    // The choice is drawn anew when the library changes; what was chosen stays where it is still offered.
    if (chooser() && chooser().value !== within()) chooser().value = within();
  });
})();
