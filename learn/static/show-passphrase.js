// Let people see the passphrase that they type. Without a script, the field is hidden dots, as usual.
document.querySelectorAll('[data-shows]').forEach(button => {
  const field = document.getElementById(button.dataset.shows);
  const show = isShown => {
    field.type = isShown ? 'text' : 'password';
    button.querySelectorAll('span').forEach((text, at) => { text.hidden = isShown === !at; });
  };
  button.hidden = false;
  button.addEventListener('click', () => {
    show(field.type === 'password');
    field.focus();
  });
  // Sent or left, it is hidden again: a browser keeps what is typed into fields that show it.
  field.form.addEventListener('submit', () => show(false));
  window.addEventListener('pagehide', () => show(false));
});
