import JSON
import OCIRuntimeSpec
import Testing

@testable import ContainerRuntime

@Suite("Limits that change")
struct ResourcesUpdateTests {
  private func limits(_ json: String) throws -> LinuxResources { try LinuxResources(jsonText: Array(json.utf8)) }

  @Test(arguments: [
    (#"{"pids":{"limit":5}}"#, #"{"memory":{"limit":7}}"#, #"{"pids":{"limit":5},"memory":{"limit":7}}"#),
    (#"{"memory":{"limit":5,"swap":6}}"#, #"{"memory":{"limit":6}}"#, #"{"memory":{"limit":6,"swap":6}}"#),
    (#"{"memory":{"limit":5,"swap":6}}"#, #"{"memory":{"limit":-1}}"#, #"{"memory":{"limit":-1,"swap":-1}}"#),
    (
      #"{"blockIO":{"weightDevice":[{"major":8,"minor":0,"weight":10},{"major":8,"minor":16,"weight":20}]}}"#,
      #"{"blockIO":{"weightDevice":[{"major":8,"minor":0,"weight":30}]}}"#,
      #"{"blockIO":{"weightDevice":[{"major":8,"minor":16,"weight":20},{"major":8,"minor":0,"weight":30}]}}"#
    ),
    (
      #"{"devices":[{"allow":true}],"unified":{"a.b":"1"}}"#, #"{"devices":[{"allow":false}],"unified":{"c.d":"2"}}"#,
      #"{"devices":[{"allow":false}],"unified":{"a.b":"1","c.d":"2"}}"#
    ),
  ])
  func changesAreLaidOverWhatIsThere(present: String, change: String, result: String) throws {
    let update = try ResourcesUpdate(limits(change), of: limits(present))
    #expect(update.result == (try limits(result)))
  }

  @Test(arguments: [
    (#"{"memory":{"limit":5,"swap":6}}"#, #"{"memory":{"swap":9}}"#, #"{"memory":{"limit":5,"swap":9}}"#),
    (#"{"memory":{"limit":5}}"#, #"{"memory":{"limit":6}}"#, #"{"memory":{"limit":6}}"#),
    (#"{"cpu":{"period":5,"shares":2}}"#, #"{"cpu":{"quota":9}}"#, #"{"cpu":{"quota":9,"period":5}}"#),
    (#"{"memory":{"limit":5},"pids":{"limit":2}}"#, #"{"cpu":{"idle":1}}"#, #"{"cpu":{"idle":1}}"#),
  ])
  func onlyWhatIsNamedIsWritten(present: String, change: String, written: String) throws {
    let update = try ResourcesUpdate(limits(change), of: limits(present))
    #expect(update.change == (try limits(written)))
  }
}
