// SPDX-License-Identifier: BSD-2-Clause
// chromium: a headless Chromium, driven by its DevTools protocol over a pipe (--remote-debugging-pipe: messages are JSON
// that ends with a zero byte), so that nothing but node and Chromium is needed.

import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';

/** The program; undefined if there is none. CHROMIUM names another. */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

export class Browser {
  static async start(program) {
    const self = new Browser();
    self.profile = mkdtempSync(join(tmpdir(), 'dmasim-chromium-'));
    self.process = spawn(program, ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--hide-scrollbars', `--user-data-dir=${self.profile}`,
      '--remote-debugging-pipe', 'about:blank'], {stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']});
    self.calls = new Map();
    self.listeners = [];
    self.last = 0;
    let rest = '';
    self.process.stdio[4].setEncoding('utf8').on('data', (text) => {
      const parts = (rest + text).split('\0');
      rest = parts.pop();
      for (const part of parts) self.hear(JSON.parse(part));
    });
    self.gone = new Promise((resolve) => self.process.once('exit', resolve));
    self.gone.then(() => {
      for (const {reject} of self.calls.values()) reject(new Error('Chromium ended'));
    });
    return self;
  }

  hear(message) {
    if (message.id === undefined) {
      for (const listener of this.listeners) listener(message);
      return;
    }
    const call = this.calls.get(message.id);
    this.calls.delete(message.id);
    if (message.error) call?.reject(new Error(`${call.method}: ${message.error.message}`));
    else call?.resolve(message.result);
  }

  call(method, params = {}, sessionId = undefined) {
    const id = ++this.last;
    this.process.stdio[3].write(`${JSON.stringify({id, method, params, sessionId})}\0`);
    return new Promise((resolve, reject) => this.calls.set(id, {resolve, reject, method}));
  }

  /** A new page, of so many pixels. */
  async page(width = 1280, height = 900) {
    const {targetId} = await this.call('Target.createTarget', {url: 'about:blank'});
    const {sessionId} = await this.call('Target.attachToTarget', {targetId, flatten: true});
    const page = new Page(this, sessionId);
    this.listeners.push((message) => message.sessionId === sessionId && page.hear(message));
    for (const domain of ['Page', 'Runtime', 'Log', 'Network', 'Accessibility']) await page.call(`${domain}.enable`);
    await page.call('Emulation.setDeviceMetricsOverride', {width, height, deviceScaleFactor: 1, mobile: false});
    return page;
  }

  async close() {
    await this.call('Browser.close').catch(() => {});
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 5000);
    await this.gone;
    clearTimeout(timer);
    rmSync(this.profile, {recursive: true, force: true, maxRetries: 5});
  }
}

class Page {
  constructor(browser, sessionId) {
    this.browser = browser;
    this.sessionId = sessionId;
    this.problems = []; // what the console, the security policy or an exception said
    this.requests = []; // of the network, the page's own file left out
  }

  hear({method, params}) {
    if (method === 'Runtime.exceptionThrown') this.problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === 'Log.entryAdded' && params.entry.level === 'error') this.problems.push(params.entry.text);
    if (method === 'Runtime.consoleAPICalled' && params.type === 'error') this.problems.push(params.args.map((one) => one.value ?? one.description).join(' '));
    if (method === 'Network.requestWillBeSent' && params.request.url !== this.url) this.requests.push(params.request.url);
  }

  call(method, params = {}) {
    return this.browser.call(method, params, this.sessionId);
  }

  /** Opens a file and waits until the report is drawn. Milliseconds from the start of its loading to then. */
  async open(path) {
    this.url = new URL(`file://${path}`).href;
    await this.call('Page.navigate', {url: this.url});
    await this.until('document.documentElement?.dataset.ready === "yes" || document.querySelector("[role=alert]:not(.problem)")');
    return this.run('new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)))');
  }

  /** The value of an expression in the page. */
  async run(expression) {
    const {result, exceptionDetails} = await this.call('Runtime.evaluate', {expression, awaitPromise: true, returnByValue: true});
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    return result.value;
  }

  async until(expression, ms = 15000) {
    const end = Date.now() + ms;
    while (Date.now() < end) {
      if (await this.run(`Boolean(${expression})`)) return;
      await new Promise((done) => setTimeout(done, 20));
    }
    throw new Error(`never true: ${expression}`);
  }

  /** Scrolls an element into view; its middle. `at`: a place in it, as shares of its size. */
  async middle(selector, at = [0.5, 0.5]) {
    const place = await this.run(`(() => {
      const node = document.querySelector(${JSON.stringify(selector)});
      if (!node) return null;
      node.scrollIntoView({block: 'center'});
      const box = node.getBoundingClientRect();
      return [box.left + ${at[0]} * box.width, box.top + ${at[1]} * box.height];
    })()`);
    if (!place) throw new Error(`there is no ${selector}`);
    await this.run('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    return place;
  }

  async mouse(type, [x, y], extra = {}) {
    await this.call('Input.dispatchMouseEvent', {type, x, y, ...extra});
  }

  async hover(selector, at) {
    const place = await this.middle(selector, at);
    await this.mouse('mouseMoved', place);
    return place;
  }

  async click(selector, at) {
    const place = await this.hover(selector, at);
    await this.mouse('mousePressed', place, {button: 'left', clickCount: 1});
    await this.mouse('mouseReleased', place, {button: 'left', clickCount: 1});
  }

  async drag(selector, from, to) {
    const start = await this.hover(selector, from), end = await this.middle(selector, to);
    await this.mouse('mousePressed', start, {button: 'left', clickCount: 1});
    await this.mouse('mouseMoved', end, {button: 'left', buttons: 1});
    await this.mouse('mouseReleased', end, {button: 'left', clickCount: 1});
  }

  async key(key, extra = {}) {
    const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
    const codes = {Enter: 13, Tab: 9, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, Home: 36, End: 35};
    const event = {key, text, windowsVirtualKeyCode: codes[key] ?? key.toUpperCase().charCodeAt(0), code: key.length > 1 ? key : undefined, ...extra};
    await this.call('Input.dispatchKeyEvent', {type: 'keyDown', ...event});
    await this.call('Input.dispatchKeyEvent', {type: 'keyUp', ...event, text: undefined});
  }

  async type(text) {
    for (const c of text) await this.key(c);
  }

  /** A list is set as a user does: it gets its value, and says so. */
  async choose(selector, value) {
    await this.run(`(() => {
      const list = document.querySelector(${JSON.stringify(selector)});
      list.value = ${JSON.stringify(value)};
      list.dispatchEvent(new Event('change', {bubbles: true}));
    })()`);
  }

  async dark(on) {
    await this.call('Emulation.setEmulatedMedia', {features: [{name: 'prefers-color-scheme', value: on ? 'dark' : 'light'}]});
  }

  /** PNG of the whole page, or of what is seen. */
  async picture(whole = true) {
    const {data} = await this.call('Page.captureScreenshot', {format: 'png', captureBeyondViewport: whole});
    return Buffer.from(data, 'base64');
  }

  async pdf() {
    const {data} = await this.call('Page.printToPDF', {printBackground: true});
    return Buffer.from(data, 'base64');
  }
}
