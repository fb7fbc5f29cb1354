// The page of the recipe: it knows window.chat and nothing else of the network.
const { chat } = globalThis;

const show = (text) => {
  const item = document.createElement('li');
  item.textContent = text; // as text, never as HTML
  document.querySelector('ul').prepend(item);
};
const showPeers = (peers) => {
  const names = peers.map(({ name }) => name).join(', ');
  document.querySelector('#peers').textContent = names || 'Nobody else is here yet';
};

chat.on('chat:heard', ({ from, text }) => show(`${from.name}: ${text}`));
chat.on('chat:peers', showPeers);
void chat.call('chat:peers').then(showPeers);

document.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = document.querySelector('input');
  void say(input.value);
  input.value = '';
});

async function say(text) {
  await chat.call('chat:say', text);
  show(`you: ${text}`);
}
