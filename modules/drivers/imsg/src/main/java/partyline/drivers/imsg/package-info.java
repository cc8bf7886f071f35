/// The driver of lines on one's own Mac, through [imsg](https://github.com/openclaw/imsg): JSON-RPC 2.0 with a process
/// `imsg rpc`, protocol 1, as imsg 0.14.0 and newer speak it (read in docs/rpc.md, docs/json.md, docs/send.md and the
/// sources of 0.15.10). The process runs here, or on the Mac at the other end of the operator's own ssh.
@NullMarked
package partyline.drivers.imsg;

import org.jspecify.annotations.NullMarked;
