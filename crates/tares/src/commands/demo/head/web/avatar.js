const input = document.querySelector("#avatar");

input.addEventListener("change", async () => {
  const body = new FormData();
  body.append("picture", input.files[0]);
  const answer = await fetch(`/profiles/${input.dataset.user}/avatar`, { method: "POST", body });
  const { avatar } = await answer.json();
  const shown = new URLSearchParams(location.search).get("name");
  document.querySelector("#preview").innerHTML = `<img src="/avatars/${avatar}" alt="${shown}">`;
});
