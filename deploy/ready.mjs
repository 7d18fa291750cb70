/** Health check of a container: exits with 0 when the process in it is ready, else says what is not. */
const address = `http://127.0.0.1:${process.env.PORT || 3000}/readyz`;
const answer = await fetch(address).catch((error) => error);
if (!answer.ok) {
  const why = answer instanceof Error ? (answer.cause?.code ?? answer.message) : await answer.text();
  process.stderr.write(`${address}: ${why}\n`);
  process.exit(1);
}
