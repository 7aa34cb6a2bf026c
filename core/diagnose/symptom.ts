/**
 * What the sick host's requests do: whether they wait for something while the application itself
 * has nothing to compute.
 */
import { seen, type Evidence } from './confidence';
import { contrast, contrastText, highHere, type Contrast } from './contrast';
import type { Inspection } from './inspection';
import { appCores, httpFailures, httpMs, milliseconds } from './readings';
import type { View } from './view';

/**
 * Nielsen's tenth of a second is felt. What is slow is told by the peers: four times what they
 * take.
 */
const SLOW_FROM_MS = 200;
/**
 * An application that uses this much of a core, and more than on its peers, computes: its requests
 * may be slow for that.
 */
const COMPUTES_FROM = 0.5;
/** Requests in hand beyond what its peers have. */
const IN_HAND_FROM = 8;

/**
 * Connections of clients that wait for an answer, those that hung up while they waited among them.
 */
function inHand({ inbound, params }: Inspection): number {
  const port = Number(params.get('appPort'));
  const mine = inbound.filter((row) => row.port === port && (row.state === 'ESTABLISHED' || row.state === 'CLOSE_WAIT'));
  return mine.reduce((total, { count }) => total + count, 0);
}

/**
 * Whether the application is busy with itself: as much as on its peers is what their requests take,
 * too.
 */
function computes(view: View): boolean {
  return highHere(contrast(view, appCores), COMPUTES_FROM, { absolute: 0.1, relative: 0.15 });
}

/** The host's own request for the real page is answered with an error, and on no peer. */
export function pageFails({ sick, alike }: Pick<View, 'sick' | 'alike'>): Evidence[] {
  const answer = sick.http.find(({ kind, status = 0 }) => kind === 'probe' && (status >= 400 || (status > 0 && status < 200)));
  const asked = alike.filter((peer) => httpMs(peer, 'probe') !== undefined);
  if (answer === undefined || asked.length === 0 || asked.some((peer) => httpFailures(peer, 'probe') > 0)) return [];
  return [seen('moderate', `the real page is answered with status ${answer.status}; on its peers it is served`)];
}

/**
 * Whether the host's own request for the real page is answered as quickly as on the peers:
 * undefined where it was not asked for on both. An error that comes at once is no quick page.
 */
export function isPageQuick(view: Pick<View, 'sick' | 'alike'>): boolean | undefined {
  if (pageFails(view).length > 0) return false;
  const page = contrast(view, (host) => httpMs(host, 'probe'));
  if (page.here === undefined || page.peers.length === 0) return undefined;
  return page.here < 2 * Math.max(...page.peers, SLOW_FROM_MS / 2);
}

/**
 * A page that is quick by itself is slow where no peer takes a quarter of its time; less than this
 * is chance.
 */
const CLEAR_FROM_MS = 60;
const CLEARLY_SLOWER = 4;

function isClearlySlower({ here = 0, peers }: Contrast): boolean {
  return peers.length > 0 && here >= CLEAR_FROM_MS && here >= CLEARLY_SLOWER * Math.max(...peers);
}

/**
 * Signs that requests wait here and not on the peers, while the application computes no more than
 * theirs: it waits for something outside itself. Empty where that cannot be said.
 */
export function requestsWait(view: View): Evidence[] {
  if (computes(view)) return [];
  const page = contrast(view, (host) => httpMs(host, 'probe'));
  const health = contrast(view, (host) => httpMs(host, 'health'));
  const hand = contrast(view, inHand);
  const slow = highHere(page, SLOW_FROM_MS, { absolute: 50, relative: 1 });
  const held = highHere(health, SLOW_FROM_MS, { absolute: 50, relative: 1 });
  const crowded = highHere(hand, IN_HAND_FROM, { absolute: 3, relative: 0.5 });
  const clear = !slow && !held && isClearlySlower(page);
  if (!slow && !held && !clear) return [];
  const meanwhile = `and the application computes ${(appCores(view.sick) ?? 0) < COMPUTES_FROM ? 'little' : 'no more than its peers'} meanwhile`;
  const what =
    slow || clear
      ? contrastText('the real page takes', page, milliseconds)
      : contrastText('even the health check takes', health, milliseconds);
  return [
    seen(clear ? 'weak' : 'moderate', `${what}, ${meanwhile}`),
    ...(crowded ? [seen('weak', contrastText('requests in hand', hand, String))] : []),
  ];
}

/**
 * The real page takes twice as long as on any peer while more threads wait for an answer: on a
 * loaded machine, where every page takes its time, requests that wait show no more than that.
 */
export function slowerWhileThreadsWait(view: View): Evidence[] {
  if (isPageQuick(view) !== false || computes(view) || threadsWaitForSocket(view).length === 0) return [];
  return [
    seen(
      'weak',
      contrastText(
        'the real page takes',
        contrast(view, (host) => httpMs(host, 'probe')),
        milliseconds,
      ),
    ),
  ];
}

/**
 * Kernel functions in which a thread sleeps until a socket has data: poll, select and the reads of
 * TCP and Unix sockets.
 */
const FOR_A_SOCKET =
  /^(do_(sys_)?poll|poll_schedule|do_select|sk_wait_data|wait_woken|skb_wait|unix_stream|tcp_recv|inet_(wait_for_connect|stream_connect)|schedule_timeout)/;
/**
 * In which it sleeps until a disk has done something: block I/O, a page of a file, a journal, the
 * writing back of dirty pages.
 */
const FOR_A_DISK =
  /^(io_schedule|bit_wait_io|wait_on_(page|buffer|bit)|folio_wait|__?filemap|generic_file|blk_|blkdev_|submit_bio|rq_qos|wbt_|balance_dirty|jbd2|start_this_handle|ext4_|xfs_|xlog_|btrfs_|do_fsync|vfs_fsync|file_write_and_wait|dio_|iomap_dio|sync_inodes|wb_wait)/;
/** In which it sleeps until somebody else reads what it writes: a pipe, /dev/log. */
const FOR_A_READER = /^(unix_wait_for_peer|sock_alloc_send|anon_pipe_write|pipe_w|sock_wait_for_wmem|sk_stream_wait_memory)/;
/**
 * In which it sleeps until a file system answers that is a program or another machine (FUSE, NFS,
 * CIFS, one that autofs is to mount), or until a scanner lets it open a file (fanotify).
 */
const FOR_A_FILE_SERVER = /^(request_wait_answer|fuse_|__?fuse_|rpc_|nfs|wait_for_response|cifs|smb2?_|v9fs|p9_|autofs_|fanotify_)/;
/** In which it sleeps until another thread lets it on. */
const FOR_A_THREAD = /^futex/;

function asleep(inspection: Inspection, where: RegExp): number | undefined {
  if (inspection.waits.length === 0) return undefined;
  return inspection.waits.filter((row) => where.test(row.where)).reduce((total, { count }) => total + count, 0);
}

/**
 * More threads of the application than on its peers sleep until a socket has data: they wait for an
 * answer.
 */
export function threadsWaitForSocket(view: View): Evidence[] {
  const threads = contrast(view, (host) => asleep(host, FOR_A_SOCKET));
  if (!highHere(threads, 4, { absolute: 1, relative: 0.3 })) return [];
  return [{ weight: 'moderate', summary: contrastText("the application's threads that sleep for data of a socket:", threads, String) }];
}

/** Threads of the application sleep for a disk, and none or fewer do so on its peers. */
export function threadsWaitForDisk(view: View): Evidence[] {
  const threads = contrast(view, (host) => asleep(host, FOR_A_DISK));
  if (!highHere(threads, 1, { absolute: 0.3, relative: 1 })) return [];
  return [seen('strong', contrastText("the application's threads that sleep for a disk:", threads, String))];
}

/**
 * Threads of the application sleep until somebody reads what they write, and none does so on its
 * peers.
 */
export function threadsWaitForReader(view: View): Evidence[] {
  const threads = contrast(view, (host) => asleep(host, FOR_A_READER));
  if (!highHere(threads, 1, { absolute: 0.3, relative: 1 })) return [];
  return [seen('strong', contrastText("the application's threads that sleep until somebody reads what they write:", threads, String))];
}

/** Threads of the application sleep for a file system that is a program or another machine. */
export function threadsWaitForFileServer(view: View): Evidence[] {
  const threads = contrast(view, (host) => asleep(host, FOR_A_FILE_SERVER));
  if (!highHere(threads, 1, { absolute: 0.3, relative: 1 })) return [];
  return [seen('strong', contrastText("the application's threads that sleep for a file system or a scanner of others:", threads, String))];
}

/** Of the requests that are in hand beyond what its peers have, so many wait for another thread. */
const OF_REQUESTS = 0.6;

/**
 * More threads than on its peers sleep until another lets them on, about as many as there are more
 * requests in hand, and no more than there sleep for a socket. A runtime has dozens of idle threads
 * that sleep so: what counts is what is more.
 */
export function threadsWaitForEachOther(view: View): Evidence[] {
  const threads = contrast(view, (host) => asleep(host, FOR_A_THREAD));
  const [more, requests] = [beyondPeers(threads), beyondPeers(contrast(view, inHand))];
  if (threadsWaitForSocket(view).length > 0 || more < IN_HAND_FROM || more < requests * OF_REQUESTS) return [];
  return [{ weight: 'moderate', summary: contrastText("the application's threads that wait for one another:", threads, String) }];
}

/** How much more than the highest of its peers; 0 where that is not known. */
function beyondPeers({ here, peers }: Contrast): number {
  return here === undefined || peers.length === 0 ? 0 : here - Math.max(...peers);
}
