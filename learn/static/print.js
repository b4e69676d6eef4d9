// A button for printing. Without a script, the text beside it says where the browser has its own.
document.querySelectorAll('[data-print]').forEach(button => {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
});
