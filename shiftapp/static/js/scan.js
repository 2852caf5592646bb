// Reads the QR code in a picture, in a worker of its own: it alone may compile WebAssembly, by the
// policy of its answer (pwa brief §3). READER and WASM, the addresses of zxing-wasm, stand above.

importScripts(READER);
ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => WASM }, fireImmediately: true });

const HOW = { formats: ['QRCode'], maxNumberOfSymbols: 1, tryHarder: true };

/** `{n, image}` in; `{n, text}` out: '' is no code. Only where nothing can be read here: `failed`. */
addEventListener('message', async ({ data: { n, image } }) => {
  try {
    const [found] = await ZXingWASM.readBarcodes(image, HOW);
    postMessage({ n, text: found ? found.text : '' });
  } catch {
    postMessage({ n, text: '', failed: true });
  }
});
