// Create or use a passkey in the browser, and send the credential with the page's own form.
'use strict';
(() => {
  const isSupported = window.isSecureContext && window.PublicKeyCredential && navigator.credentials;

  const decodeBase64url = text => Uint8Array.from(
    atob(text.replace(/-/g, '+').replace(/_/g, '/')), sign => sign.charCodeAt(0));
  const encodeBase64url = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
  const decodeIds = list => (list || []).map(one => ({ ...one, id: decodeBase64url(one.id) }));

  const create = options => navigator.credentials.create({ publicKey: {
    ...options,
    challenge: decodeBase64url(options.challenge),
    user: { ...options.user, id: decodeBase64url(options.user.id) },
    excludeCredentials: decodeIds(options.excludeCredentials),
  } });
  const get = options => navigator.credentials.get({ publicKey: {
    ...options,
    challenge: decodeBase64url(options.challenge),
    allowCredentials: decodeIds(options.allowCredentials),
  } });

  // Not toJSON: it fails on the credential objects of some password managers.
  const encodeCredential = credential => {
    const response = {};
    for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
      if (credential.response[part]) response[part] = encodeBase64url(credential.response[part]);
    }
    const id = encodeBase64url(credential.rawId);
    return JSON.stringify({ id, rawId: id, type: credential.type, response });
  };

  const REASONS = {
    AbortError: 'cancelled', NotAllowedError: 'cancelled', InvalidStateError: 'there',
    ConstraintError: 'unable', NotSupportedError: 'unable',
  };

  const enhance = form => {
    const messages = form.querySelectorAll('[data-says]');
    const showMessage = what => messages.forEach(one => { one.hidden = one.dataset.says !== what; });
    let busy = false;
    form.addEventListener('submit', async event => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      showMessage('waiting');
      try {
        const answer = await fetch(form.dataset.options, { cache: 'no-store' });
        if (!answer.ok) throw new Error(answer.status);
        const ceremony = form.dataset.passkey === 'make' ? create : get;
        form.elements.credential.value = encodeCredential(await ceremony(await answer.json()));
        form.submit();
      } catch (error) {
        showMessage(REASONS[error.name] || 'other');
        busy = false;
      }
    });
    window.addEventListener('pageshow', () => { busy = false; }); // the page may come back from the browser's cache
    form.hidden = false;
  };

  if (!isSupported) return;
  document.querySelectorAll('form[data-passkey]').forEach(enhance);
  document.querySelectorAll('[data-without-passkeys]').forEach(one => { one.hidden = true; });
})();
