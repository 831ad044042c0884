const form = document.querySelector("#profile");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = JSON.stringify(Object.fromEntries(new FormData(form)));
  await fetch(`/profiles/${form.dataset.user}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
  });
});
