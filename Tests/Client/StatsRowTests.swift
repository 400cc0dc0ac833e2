import EngineAPI
import Testing

@testable import Client

struct StatsRowTests {
  private func stats(_ change: (inout ContainerStats) -> Void = { _ in }) -> ContainerStats {
    var stats = ContainerStats()
    stats.id = String(repeating: "a", count: 64)
    stats.name = "/web"
    change(&stats)
    return stats
  }

  @Test func `a container that does not run has used nothing`() {
    #expect(
      StatsRow(stats(), truncates: true).cells == [
        "aaaaaaaaaaaa", "web", "0.00%", "0B / 0B", "0.00%", "0B / 0B", "0B / 0B", "0",
      ])
  }

  @Test func `numbers are Docker's`() {
    let row = StatsRow(
      stats { stats in
        stats.read = "2024-01-01T00:00:00Z"
        (stats.cpu.usage.total, stats.cpu.system, stats.cpu.processors) = (300, 2000, 2)
        (stats.previousCPU.usage.total, stats.previousCPU.system) = (100, 1000)
        (stats.memory.usage, stats.memory.limit) = (3 << 20, 64 << 20)
        stats.memory.details = ["inactive_file": 1 << 20]
        stats.pids.current = 5
        var network = ContainerStats.Network()
        (network.receivedBytes, network.sentBytes) = (1500, 20)
        stats.networks = ["eth0": network, "eth1": network]
        var entry = ContainerStats.BlockEntry()
        (entry.operation, entry.value) = ("Read", 4_100_000)
        stats.blockDevices.bytes = [entry]
      }, truncates: false)
    #expect(
      row.cells.dropFirst() == ["web", "40.00%", "2MiB / 64MiB", "3.13%", "3kB / 40B", "4.1MB / 0B", "5"])
  }
}
