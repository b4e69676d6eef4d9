// Show the copy button if the browser has a clipboard; without it, the text can be selected by hand.
const tool = document.querySelector('.copy-tool'), field = document.querySelector('.copy-text');
if (tool && navigator.clipboard) {
  const status = tool.querySelector('[role=status]');
  tool.hidden = false;
  tool.querySelector('button').addEventListener('click', async () => {
    status.textContent = '';
    try {
      await navigator.clipboard.writeText(field.value ?? field.textContent.trim());
      status.textContent = status.dataset.done;
    } catch {
      if (field.select) field.select();
      else getSelection().selectAllChildren(field);
    }
  });
}
