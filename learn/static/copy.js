// Shows the button where it can work; the text beside it can be selected without.
const tool = document.querySelector('.copy-tool'), field = document.querySelector('.copy-text');
if (tool && navigator.clipboard) {
  const said = tool.querySelector('[role=status]');
  tool.hidden = false;
  tool.querySelector('button').addEventListener('click', async () => {
    said.textContent = '';
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = said.dataset.done;
    } catch {
      field.select();
    }
  });
}
