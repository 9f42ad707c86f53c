// An S3-compatible server for tests: s3rver keeps the objects, and aws4 recomputes the signature (version 4) of each request, which
// s3rver leaves unchecked. Usage: node s3_server.js FOLDER PORT BUCKET CORS-FILE, with NODE_PATH where both packages are.
const fs = require('fs');
const S3rver = require('s3rver');
const aws4 = require('aws4');

const [folder, port, bucket, cors] = process.argv.slice(2);
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

function pick(headers, names) {
  return Object.fromEntries(names.split(';').map(name => [name, headers[name] ?? '']));
}

function fromQuery(request, url) {
  const given = url.searchParams.get('X-Amz-Signature');
  const path = request.url.replace(/[?&]X-Amz-Signature=[0-9a-f]*/, '');
  const [, , region] = url.searchParams.get('X-Amz-Credential').split('/');
  const signed = aws4.sign(
    {
      service: 's3',
      region,
      method: request.method,
      path,
      headers: pick(request.headers, url.searchParams.get('X-Amz-SignedHeaders')),
      signQuery: true,
    },
    credentials,
  );
  return [given, new URL(signed.path, 'http://x').searchParams.get('X-Amz-Signature')];
}

function fromHeader(request) {
  const [, scope, names, given] = /Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]+)/.exec(
    request.headers.authorization,
  );
  const signed = aws4.sign(
    {
      service: 's3',
      region: scope.split('/')[2],
      method: request.method,
      path: request.url,
      headers: pick(request.headers, names),
      extraHeadersToInclude: { 'user-agent': names.includes('user-agent') },
    },
    credentials,
  );
  return [given, /Signature=([0-9a-f]+)/.exec(signed.headers.Authorization)[1]];
}

function isForged(request) {
  const url = new URL(request.url, 'http://x');
  const key = url.searchParams.get('X-Amz-Credential') || /Credential=([^,]+)/.exec(request.headers.authorization || '')?.[1];
  if (request.method === 'OPTIONS' || !key || !key.startsWith(`${credentials.accessKeyId}/`)) {
    return false; // a preflight, a public link, or an account that s3rver does not know
  }

  const [given, expected] = request.headers.authorization ? fromHeader(request) : fromQuery(request, url);
  return given !== expected;
}

const server = new S3rver({
  directory: folder,
  address: '127.0.0.1',
  port: Number(port),
  silent: true,
  vhostBuckets: false,
  configureBuckets: [{ name: bucket, configs: [fs.readFileSync(cors)] }],
});
server.middleware.unshift(async (context, next) => {
  if (isForged(context.req)) {
    context.status = 403;
    context.type = 'application/xml';
    context.body = '<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code><Message>Wrong</Message></Error>';
    return;
  }

  await next();
});
server.run();
