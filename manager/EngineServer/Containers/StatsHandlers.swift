internal import Containers
internal import EngineAPI
internal import JSON
internal import NIOCore
internal import ServiceLifecycle

/// `GET /containers/{id}/stats`.
struct StatsHandlers: Sendable {
  let service: ContainerService

  @Sendable func stats(_ request: Request) async throws -> Response {
    let streams = request.query.bool("stream", default: true)
    let isOneShot = request.version >= APIVersion(1, 41) && request.query.bool("one-shot")
    if streams, isOneShot { throw APIError.invalidParameter("cannot have stream=true and one-shot=true") }
    let usage = try service.usage(of: try request.parameter("id"))
    return .stream(contentType: "application/json") { writer in
      try await cancelWhenGracefulShutdown {
        // Without a stream one sample is waited for, so that there is one to compare with.
        try await Self.send(usage, count: streams ? nil : 1, skipping: streams || isOneShot ? 0 : 1, to: writer)
      }
    }
  }

  private struct Enough: Error {}

  /// - Parameter count: `nil`: no end.
  private static func send(
    _ usage: UsageSubscription, count: Int?, skipping: Int, to writer: ResponseWriter
  ) async throws {
    var left = (skipped: skipping, count: count ?? .max)
    var previous: ResourceUsage?
    do {
      try await usage.run { record, sample in
        defer { previous = sample }
        if left.skipped > 0, sample != nil {
          left.skipped -= 1
          return
        }
        let answer = StatsTranslation.stats(of: record, sample, after: previous)
        try await writer.write(ByteBuffer(bytes: JSONWriter.bytes(answer) + [UInt8(ascii: "\n")]))
        left.count -= 1
        if left.count == 0 { throw Enough() }
      }
    } catch is Enough {}
  }
}

enum StatsTranslation {
  /// - Parameter usage: `nil`: the container does not run.
  static func stats(of record: ContainerRecord, _ usage: ResourceUsage?, after previous: ResourceUsage?)
    -> ContainerStats
  {
    var stats = ContainerStats()
    stats.name = "/\(record.name)"
    stats.id = record.id.text
    guard let usage else { return stats }
    stats.read = usage.time.description
    if let previous {
      stats.preread = previous.time.description
      stats.previousCPU = cpu(previous.cpu)
    }
    stats.cpu = cpu(usage.cpu)
    stats.memory = memory(usage.memory)
    (stats.pids.current, stats.pids.limit) = (usage.processes.current, usage.processes.limit)
    stats.blockDevices.bytes = usage.blockBytes.map(entry)
    stats.blockDevices.operations = usage.memory.maximum == nil ? nil : usage.blockOperations.map(entry)
    stats.networks = usage.networks?.mapValues(network)
    return stats
  }

  private static func cpu(_ usage: ResourceUsage.CPU) -> ContainerStats.CPU {
    var cpu = ContainerStats.CPU()
    (cpu.usage.total, cpu.usage.kernel, cpu.usage.user) = (usage.total, usage.kernel, usage.user)
    cpu.usage.byProcessor = usage.byProcessor
    (cpu.system, cpu.processors) = (usage.system, usage.processors)
    cpu.throttling.periods = usage.periods
    cpu.throttling.throttledPeriods = usage.throttledPeriods
    cpu.throttling.throttledTime = usage.throttledTime
    return cpu
  }

  private static func memory(_ usage: ResourceUsage.Memory) -> ContainerStats.Memory {
    var memory = ContainerStats.Memory()
    (memory.usage, memory.maximum, memory.failures) = (usage.usage, usage.maximum, usage.failures)
    (memory.limit, memory.details) = (usage.limit, usage.details)
    return memory
  }

  private static func entry(_ entry: ResourceUsage.BlockEntry) -> ContainerStats.BlockEntry {
    var answer = ContainerStats.BlockEntry()
    (answer.major, answer.minor, answer.operation, answer.value) = (
      entry.major, entry.minor, entry.operation, entry.value
    )
    return answer
  }

  private static func network(_ network: ResourceUsage.Network) -> ContainerStats.Network {
    var answer = ContainerStats.Network()
    (answer.receivedBytes, answer.receivedPackets) = (network.receivedBytes, network.receivedPackets)
    (answer.receiveErrors, answer.receiveDrops) = (network.receiveErrors, network.receiveDrops)
    (answer.sentBytes, answer.sentPackets) = (network.sentBytes, network.sentPackets)
    (answer.sendErrors, answer.sendDrops) = (network.sendErrors, network.sendDrops)
    return answer
  }
}
