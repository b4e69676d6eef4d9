// Lets the browser make or use a passkey, and sends what it gives with the page's own form.
'use strict';
(() => {
  const able = window.isSecureContext && window.PublicKeyCredential && navigator.credentials;

  const bytes = text => Uint8Array.from(
    atob(text.replace(/-/g, '+').replace(/_/g, '/')), sign => sign.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
  const named = list => (list || []).map(one => ({ ...one, id: bytes(one.id) }));

  const make = options => navigator.credentials.create({ publicKey: {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  } });
  const use = options => navigator.credentials.get({ publicKey: {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: named(options.allowCredentials),
  } });

  // By hand: some password managers give an object of their own, whose toJSON does not work.
  const written = credential => {
    const response = {};
    for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    const id = text(credential.rawId);
    return JSON.stringify({ id, rawId: id, type: credential.type, response });
  };

  const REASONS = {
    AbortError: 'cancelled', NotAllowedError: 'cancelled', InvalidStateError: 'there',
    ConstraintError: 'unable', NotSupportedError: 'unable',
  };

  const prepare = form => {
    const says = form.querySelectorAll('[data-says]');
    const say = what => says.forEach(one => { one.hidden = one.dataset.says !== what; });
    let busy = false;
    form.addEventListener('submit', async event => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      say('waiting');
      try {
        const answer = await fetch(form.dataset.options, { cache: 'no-store' });
        if (!answer.ok) throw new Error(answer.status);
        const ceremony = form.dataset.passkey === 'make' ? make : use;
        form.elements.credential.value = written(await ceremony(await answer.json()));
        form.submit();
      } catch (trouble) {
        say(REASONS[trouble.name] || 'other');
        busy = false;
      }
    });
    window.addEventListener('pageshow', () => { busy = false; }); // as when somebody goes back
    form.hidden = false;
  };

  if (!able) return;
  document.querySelectorAll('form[data-passkey]').forEach(prepare);
  document.querySelectorAll('[data-without-passkeys]').forEach(one => { one.hidden = true; });
})();
