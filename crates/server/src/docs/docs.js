// Shows /openapi.json and tries its operations. Everything is set as text, so
// nothing in the document or in an answer can become markup.

const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};

// Words between backticks are shown as code.
const told = (text) => make('span', {}, ...(text || '').split('`')
  .map((part, place) => (place % 2 ? make('code', {}, part) : part)));

const resolve = (api, schema) => {
  if (!schema || !schema.$ref) return schema || {};
  return schema.$ref.slice(2).split('/').reduce((part, name) => part[name], api);
};

// A value that fits the schema: its example, else one made of its parts.
const example = (api, from, depth = 0) => {
  const schema = resolve(api, from);
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (depth > 6) return null;
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => example(api, part, depth + 1)));
  const either = schema.oneOf || schema.anyOf;
  if (either) return example(api, either.find((part) => part.type !== 'null') || either[0], depth + 1);
  const type = Array.isArray(schema.type) ? schema.type.find((name) => name !== 'null') : schema.type;
  if (type === 'array') return [example(api, schema.items, depth + 1)];
  if (type === 'object' || schema.properties) {
    const entries = Object.entries(schema.properties || {});
    return Object.fromEntries(entries.map(([name, part]) => [name, example(api, part, depth + 1)]));
  }
  return { string: 'text', integer: 0, number: 0, boolean: false }[type] ?? null;
};

const pretty = (value) => JSON.stringify(value, null, 2);

const table = (head, rows) => make('table', {},
  make('thead', {}, make('tr', {}, ...head.map((name) => make('th', { scope: 'col' }, name)))),
  make('tbody', {}, ...rows.map((cells) => make('tr', {}, ...cells.map((cell) => make('td', {}, cell))))));

const typeOf = (api, from) => {
  const schema = resolve(api, from);
  const name = from.$ref ? from.$ref.split('/').pop() : [].concat(schema.type || 'any').join(' or ');
  return name === 'array' ? `list of ${typeOf(api, schema.items || {})}` : name;
};

const fields = (api, from) => {
  const schema = resolve(api, from);
  const parts = schema.allOf ? schema.allOf.map((part) => resolve(api, part)) : [schema];
  const rows = parts.flatMap((part) => Object.entries(part.properties || {}).map(([name, property]) => [
    make('code', {}, name),
    typeOf(api, property) + ((part.required || []).includes(name) ? '' : ', optional'),
    told(property.description || resolve(api, property).description),
  ]));
  return rows.length ? table(['Field', 'Type', 'Meaning'], rows) : null;
};

const jsonOf = (holder) => Object.entries(holder?.content || {}).map(([kind, body]) => ({ kind, ...body }))[0];

const tryIt = (api, path, method, operation) => {
  const parameters = operation.parameters || [];
  const inputs = parameters.map((parameter) => [parameter, make('input', { name: parameter.name })]);
  const content = jsonOf(operation.requestBody);
  const body = content && make('textarea', { value: pretty(example(api, content.schema)), spellcheck: false });
  const out = make('pre', { hidden: true });
  out.setAttribute('aria-live', 'polite');
  const send = async () => {
    let address = path;
    const query = new URLSearchParams();
    const headers = {};
    const key = document.getElementById('key').value.trim();
    if (key) headers.Authorization = `Bearer ${key}`;
    for (const [parameter, input] of inputs) {
      if (!input.value) continue;
      if (parameter.in === 'path') address = address.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
      if (parameter.in === 'query') query.set(parameter.name, input.value);
      if (parameter.in === 'header') headers[parameter.name] = input.value;
    }
    if (body) headers['Content-Type'] = 'application/json';
    out.hidden = false;
    out.textContent = '...';
    try {
      const tail = query.size ? `?${query}` : '';
      const options = { method: method.toUpperCase(), headers, body: body ? body.value : undefined };
      const answer = await fetch(address + tail, options);
      const text = await read(answer, out);
      out.textContent = `${answer.status} ${answer.statusText}\n\n${text}`;
    } catch (error) {
      out.textContent = `No answer: ${error.message}`;
    }
  };
  const label = (parameter, input) => make('label', {}, `${parameter.name}${parameter.required ? ' *' : ''} `, input);
  return make('div', {}, make('h4', {}, 'Try it'),
    ...inputs.map(([parameter, input]) => label(parameter, input)),
    body ? make('label', {}, 'Body ', body) : null,
    make('button', { type: 'button', onclick: send }, 'Send'), out);
};

// An event stream never ends by itself: it is shown as it grows.
const read = async (answer, out) => {
  const kind = answer.headers.get('Content-Type') || '';
  if (!kind.startsWith('text/event-stream')) {
    const text = await answer.text();
    try { return pretty(JSON.parse(text)); } catch { return text; }
  }
  let text = '';
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text = (text + value).slice(-20000);
    out.textContent = `${answer.status}\n\n${text}`;
  }
};

const answers = (api, operation) => table(['Status', 'Meaning', 'Body'],
  Object.entries(operation.responses || {}).map(([status, response]) => {
    const content = jsonOf(response);
    return [make('code', {}, status), told(response.description), content?.schema ? typeOf(api, content.schema) : ''];
  }));

const success = (api, operation) => Object.entries(operation.responses || {})
  .filter(([status]) => status.startsWith('2')).map(([, response]) => jsonOf(response))[0];

const section = (api, path, method, operation) => {
  const content = jsonOf(operation.requestBody);
  const answer = success(api, operation);
  const inside = make('div', {}, make('p', {}, told(operation.description)));
  const parameters = (operation.parameters || []).map((parameter) => [
    make('code', {}, parameter.name), parameter.in + (parameter.required ? '' : ', optional'), told(parameter.description),
  ]);
  if (parameters.length) inside.append(make('h4', {}, 'Parameters'), table(['Name', 'Where', 'Meaning'], parameters));
  if (content) inside.append(make('h4', {}, 'Body'), fields(api, content.schema) || '', make('pre', {}, pretty(example(api, content.schema))));
  inside.append(make('h4', {}, 'Answers'), answers(api, operation));
  if (answer?.schema && answer.kind === 'application/json') {
    inside.append(fields(api, answer.schema) || '', make('pre', {}, pretty(example(api, answer.schema))));
  }
  inside.append(tryIt(api, path, method, operation));
  const open = (operation.security || api.security || []).some((one) => Object.keys(one).length === 0);
  return make('details', { id: operation.operationId }, make('summary', {},
    make('span', { className: 'method' }, method.toUpperCase()), make('span', { className: 'path' }, path),
    make('span', { className: 'quiet' }, `  ${operation.summary || ''}${open ? ' (no key needed)' : ''}`)), inside);
};

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

const show = (api) => {
  const all = Object.entries(api.paths).flatMap(([path, item]) => METHODS
    .filter((method) => item[method]).map((method) => [path, method, item[method]]));
  const main = document.getElementById('operations');
  const list = make('ul');
  for (const tag of api.tags) {
    const mine = all.filter(([, , operation]) => (operation.tags || []).includes(tag.name));
    main.append(make('h2', {}, tag.name), make('p', { className: 'quiet' }, tag.description || ''),
      ...mine.map(([path, method, operation]) => section(api, path, method, operation)));
    list.append(...mine.map(([path, method, operation]) => make('li', {},
      make('a', { href: `#${operation.operationId}` }, `${method.toUpperCase()} ${path}`))));
  }
  document.getElementById('contents').append(list);
  const follow = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.tagName === 'DETAILS') target.open = true;
  };
  addEventListener('hashchange', follow);
  follow();
};

fetch('/openapi.json').then((answer) => answer.json()).then(show).catch((error) => {
  document.getElementById('operations').append(make('p', {}, `The document could not be read: ${error.message}`));
});
