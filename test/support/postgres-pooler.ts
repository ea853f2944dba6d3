/**
 * A connection pooler in transaction mode, as PgBouncer is one: each transaction goes to another connection of the pool, so
 * that nothing of a session lasts, and settings for a session are refused at the start.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';

export interface Pooler {
  readonly port: number;
  /** How often a transaction was handed to a connection of the pool. */
  readonly transactions: () => number;
  close(): Promise<void>;
}

/** What PgBouncer takes unless `ignore_startup_parameters` names more. */
const startupParameters = [
  'user',
  'database',
  'client_encoding',
  'application_name',
  'datestyle',
  'timezone',
];

/** A connection of the pool: the bytes that the server sends it, once it is logged in. */
interface Backend {
  readonly client: pg.Client;
  readonly stream: Socket;
}

/** Starts a pooler in front of one database; it lets everybody in, as the owner of `url`. */
export async function startPooler(url: string, size: number): Promise<Pooler> {
  const free = await Promise.all(Array.from({ length: size }, () => openBackend(url)));
  const all = [...free];
  let transactions = 0;
  const take = (): Backend => {
    const backend = free.shift();
    if (!backend) throw new Error('The pool is too small for the test.');
    transactions += 1;
    return backend;
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket, take, (backend) => free.push(backend));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    transactions: () => transactions,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      for (const { stream } of all) stream.destroy();
    },
  };
}

/** Logs in with `pg` and takes the socket over. */
async function openBackend(url: string): Promise<Backend> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.removeAllListeners('data');
  return { client, stream };
}

function serve(socket: Socket, take: () => Backend, giveBack: (backend: Backend) => void): void {
  let isStarted = false;
  let backend: Backend | null = null;
  const fromClient = splitMessages(() => !isStarted);
  const fromServer = splitMessages(() => false);
  const forward = (bytes: Buffer): void => {
    for (const message of fromServer(bytes)) {
      socket.write(message);
      // ReadyForQuery with the status I: the transaction is over.
      if (message[0] === 0x5a && message[5] === 0x49) release();
    }
  };
  const release = (): void => {
    if (!backend) return;
    backend.stream.off('data', forward);
    giveBack(backend);
    backend = null;
  };
  socket.on('error', () => undefined);
  socket.on('close', () => {
    // Somebody who goes away in the middle of a transaction leaves it to the pooler to end it.
    backend?.stream.write(writeMessage('Q', 'ROLLBACK\0'));
  });
  socket.on('data', (bytes) => {
    for (const message of fromClient(bytes)) {
      if (!isStarted) isStarted = start(socket, message);
      else if (message[0] === 0x58) socket.end();
      else {
        backend ??= take();
        if (backend.stream.listenerCount('data') === 0) backend.stream.on('data', forward);
        backend.stream.write(message);
      }
    }
  });
}

/** Answers the first message of a client; false where another first message follows. */
function start(socket: Socket, message: Buffer): boolean {
  // SSLRequest
  if (message.readInt32BE(4) === 80877103) {
    socket.write('N');
    return false;
  }
  const words = message.subarray(8).toString('utf8').split('\0');
  const names = words.filter((_, index) => index % 2 === 0 && words[index] !== '');
  const unknown = names.find((name) => !startupParameters.includes(name));
  if (unknown !== undefined) {
    const fields = `SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: ${unknown}\0\0`;
    socket.end(writeMessage('E', fields));
    return true;
  }
  socket.write(writeMessage('R', '\0\0\0\0'));
  // A key that is the pooler's own: no process of the server has it.
  socket.write(writeMessage('K', '\x7f\x7f\x7f\x7f\0\0\0\x01'));
  socket.write(writeMessage('Z', 'I'));
  return true;
}

/** A message of the protocol; the body is given byte by byte. */
export function writeMessage(type: string, body: string): Buffer {
  const content = Buffer.from(body, 'latin1');
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

/** Cuts a stream of bytes into messages; the first message of a client has no byte for its type. */
function splitMessages(isUntyped: () => boolean): (bytes: Buffer) => readonly Buffer[] {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const messages: Buffer[] = [];
    for (;;) {
      const prefix = isUntyped() && messages.length === 0 ? 0 : 1;
      if (rest.length < prefix + 4) return messages;
      const length = prefix + rest.readInt32BE(prefix);
      if (rest.length < length) return messages;
      messages.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  };
}
