internal import CNFTables
internal import LinuxKernel
internal import Synchronization

/// Runs nftables commands through libnftables: what `nft -f` does, without the process. Blocks; not for the cooperative pool.
enum NFTables {
  /// The library keeps tables of its own for the whole process, and its contexts are not safe between threads: one at a time.
  private static let turn = Mutex(())

  /// Runs `commands` as one transaction: all or nothing.
  static func run(_ commands: String, _ operation: String) throws(NetworkError) {
    try turn.withLock { _ throws(NetworkError) in try runAlone(commands, operation) }
  }

  private static func runAlone(_ commands: String, _ operation: String) throws(NetworkError) {
    guard let context = nft_ctx_new(UInt32(NFT_CTX_DEFAULT)) else {
      throw .kernel(operation: operation, reason: "libnftables does not start")
    }
    defer { nft_ctx_free(context) }
    _ = nft_ctx_buffer_error(context)
    _ = nft_ctx_buffer_output(context)
    guard nft_run_cmd_from_buffer(context, commands) == 0 else {
      let reason = nft_ctx_get_error_buffer(context).map { String(cString: $0) } ?? "no reason given"
      throw .kernel(operation: operation, reason: reason)
    }
  }

  /// A number that every transaction on this namespace's rules, by anybody, raises by one.
  static func generation() throws(NetlinkError) -> UInt32 {
    var socket = try NetlinkSocket.open(.netfilter)
    let nftables: UInt16 = 10 << 8
    var question = NetlinkWriter(type: nftables | 16, flags: [])
    question.append(UInt32(0))
    let answer = try socket.query(question, "get the generation of the rules").first
    guard let answer, answer.type == nftables | 15,
      let generation: UInt32 = try NetlinkAttributes(answer.payload.dropFirst(4)).integer(1)
    else { throw .malformed("no generation of the rules") }
    return generation.byteSwapped
  }
}
