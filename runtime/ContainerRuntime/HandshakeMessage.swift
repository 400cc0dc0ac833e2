/// What the runtime and the process that becomes the container's init tell each other over a pair of sockets.
///
/// ```
///       runtime                                         init
///   ┌─ clone3 ──────────────────────────────────────────▶ │
///   │    (.cloned(pid) from a go-between, if there is one; │
///   │    before that .mapIDs and .proceed, if it makes the │
///   │    user namespace, with which an ordinary user begins)
///   │  id maps, control group, limits                     │ waits
///   │ ── .proceed ──────────────────────────────────────▶ │
///   │  state.json                                         │ namespaces, mounts, devices
///   │ ◀─────────────────────────────────────── .runHooks ─│ only if there are prestart or createRuntime hooks
///   │  prestart, createRuntime hooks                      │
///   │ ── .proceed ──────────────────────────────────────▶ │
///   │                                                     │ createContainer hooks, pivot_root, user, capabilities
///   │ ◀──────────────────────────────────── .cloned(pid) ─│ only if it joins a pid namespace: another process goes on
///   │  state.json again                                   │ inside; .mapIDs and .proceed have come before, as above
///   │ ── .proceed ──────────────────────────────────────▶ │
///   │ ◀───────────────────────────────────── .listening ─│ only if the seccomp filter notifies: with its listener
///   │ ── .proceed ──────────────────────────────────────▶ │
///   │ ◀────────────────────────────────────────── .ready ─│
///   │  pid file                                           │
///   │ ── .proceed ──────────────────────────────────────▶ │ waits for `start`, then exec
///   ▼ done                                                ▼
/// ```
///
/// Instead of any message of its own the init may send `.failed` and end; the runtime then undoes everything. When the
/// runtime dies, the init sees the end of the stream and ends too.
enum HandshakeMessage: Equatable {
  case proceed
  case cloned(pid: Int32)
  case runHooks
  case ready
  case mapIDs
  case listening
  case failed(String)

  var bytes: [UInt8] {
    switch self {
    case .proceed: [1]
    case .cloned(let pid): [2] + Array(String(pid).utf8)
    case .runHooks: [3]
    case .ready: [4]
    case .mapIDs: [6]
    case .listening: [7]
    case .failed(let reason): [5] + Array(reason.utf8.prefix(4000))
    }
  }

  /// `nil` for what neither side sends.
  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
    switch bytes.first {
    case 1: self = .proceed
    case 2:
      guard let pid = Int32(text), pid > 0 else { return nil }
      self = .cloned(pid: pid)
    case 3: self = .runHooks
    case 4: self = .ready
    case 5: self = .failed(text)
    case 6: self = .mapIDs
    case 7: self = .listening
    default: return nil
    }
  }
}
