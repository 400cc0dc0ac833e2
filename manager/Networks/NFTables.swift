internal import CNFTables
internal import JSON
internal import LinuxKernel
internal import Synchronization

/// Runs nftables commands through libnftables: what `nft` does, without the process. Blocks; not for the cooperative pool.
enum NFTables {
  /// The library keeps tables of its own for the whole process, and its contexts are not safe between threads: one at a time.
  private static let turn = Mutex(())

  /// Runs `commands` as one transaction: all or nothing.
  static func run(_ commands: String, _ operation: String) throws(NetworkError) {
    _ = try turn.withLock { _ throws(NetworkError) in try runAlone(commands, operation, flags: 0) }
  }

  /// What `list` commands print, without the elements of sets and maps. One by one: of several in one text the library finds what
  /// only the last is about.
  static func outline(_ commands: [String], _ operation: String) throws(NetworkError) -> String {
    let flags = NFT_CTX_OUTPUT_TERSE | NFT_CTX_OUTPUT_NUMERIC_PROTO
    return try turn.withLock { _ throws(NetworkError) in
      var text = ""
      for command in commands { text += try runAlone(command, operation, flags: flags) }
      return text
    }
  }

  /// What a `list` command prints as JSON (libnftables-json(5)): the objects in the order they come. Protocols are numbers, for what
  /// they are called depends on the machine's `/etc/protocols`.
  static func list(_ command: String, _ operation: String) throws(NetworkError) -> [JSONValue] {
    let flags = NFT_CTX_OUTPUT_JSON | NFT_CTX_OUTPUT_HANDLE | NFT_CTX_OUTPUT_NUMERIC_PROTO
    let text = try turn.withLock { _ throws(NetworkError) in try runAlone(command, operation, flags: flags) }
    do throws(JSONError) { return try JSONReader.read(text)["nftables"]?.array ?? [] } catch {
      throw .kernel(operation: operation, reason: "libnftables answers with bad JSON: \(error)")
    }
  }

  private static func runAlone(_ commands: String, _ operation: String, flags: Int) throws(NetworkError) -> String {
    guard let context = nft_ctx_new(UInt32(NFT_CTX_DEFAULT)) else {
      throw .kernel(operation: operation, reason: "libnftables does not start")
    }
    defer { nft_ctx_free(context) }
    nft_ctx_output_set_flags(context, UInt32(flags))
    _ = nft_ctx_buffer_error(context)
    _ = nft_ctx_buffer_output(context)
    guard nft_run_cmd_from_buffer(context, commands) == 0 else {
      let reason = nft_ctx_get_error_buffer(context).map { String(cString: $0) } ?? "no reason given"
      throw .kernel(operation: operation, reason: reason)
    }
    return nft_ctx_get_output_buffer(context).map { String(cString: $0) } ?? ""
  }

  /// A number that every transaction on this namespace's rules, by anybody, raises by one.
  static func generation() throws(NetworkError) -> UInt32 {
    do throws(NetlinkError) {
      var socket = try NetlinkSocket.open(.netfilter)
      let nftables: UInt16 = 10 << 8
      var question = NetlinkWriter(type: nftables | 16, flags: [])
      question.append(UInt32(0))
      let answer = try socket.query(question, "get the generation of the rules").first
      guard let answer, answer.type == nftables | 15,
        let generation: UInt32 = try NetlinkAttributes(answer.payload.dropFirst(4)).integer(1)
      else { throw .malformed("no generation of the rules") }
      return generation.byteSwapped
    } catch { throw .kernel(operation: "read rules", reason: error.description) }
  }
}
