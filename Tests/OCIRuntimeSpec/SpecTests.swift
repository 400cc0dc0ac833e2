import JSON
import OCIRuntimeSpec
import Testing

@Suite struct SpecTests {
  @Test(arguments: [
    #"{"ociVersion":"1.3.0"}"#,
    #"{"ociVersion":"1.0.2","root":{"path":"rootfs","readonly":true},"mounts":[{"destination":"/proc","type":"proc","source":"proc"}],"process":{"terminal":true,"consoleSize":{"height":24,"width":80},"cwd":"/","env":["A=b"],"args":["sh"],"rlimits":[{"type":"RLIMIT_NOFILE","soft":1024,"hard":1024}],"capabilities":{"bounding":["CAP_KILL"]},"noNewPrivileges":true,"user":{"uid":1,"gid":2,"umask":18,"additionalGids":[3]}}}"#,
    #"{"ociVersion":"1.0.2","linux":{"resources":{"devices":[{"allow":false,"access":"rwm"}],"memory":{"limit":-1},"pids":{"limit":10},"hugepageLimits":[{"pageSize":"2MB","limit":9223372036854775808}],"unified":{"memory.high":"1"}},"namespaces":[{"type":"pid"},{"type":"network","path":"/proc/1/ns/net"}],"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64"],"syscalls":[{"names":["clone"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":2114060288,"op":"SCMP_CMP_MASKED_EQ"}]}]},"timeOffsets":{"monotonic":{"secs":-1}}}}"#,
    #"{"ociVersion":"1.3.0","linux":{"future":{"x":[1]}},"freebsd":{"jail":{"vnet":"new"}}}"#,
  ])
  func roundTrips(text: String) throws {
    let spec = try Spec(jsonText: Array(text.utf8))
    #expect(JSONWriter.string(spec) == text)
  }

  @Test(arguments: [
    (#"{}"#, "ociVersion: is required"),
    (#"{"ociVersion":1}"#, "ociVersion: expected a string, found the number 1"),
    (
      #"{"ociVersion":"1.0.0","process":{"cwd":"/","user":{"uid":"root"}}}"#,
      "process.user.uid: expected an integer from 0 to 4294967295, found a string"
    ),
    (
      #"{"ociVersion":"1.0.0","process":{"cwd":"/","user":{"uid":-1}}}"#,
      "process.user.uid: expected an integer from 0 to 4294967295, found the number -1"
    ),
    (
      #"{"ociVersion":"1.0.0","linux":{"namespaces":[{"type":"pid"},{"type":"net"}]}}"#,
      "linux.namespaces[1].type: unknown value \"net\""
    ),
    (
      #"{"ociVersion":"1.0.0","linux":{"netDevices":{"eth0":{"name":23}}}}"#,
      "linux.netDevices.eth0.name: expected a string, found the number 23"
    ),
    (
      #"{"ociVersion":"1.0.0","linux":{"resources":{"rdma":{"mlx5_1":{"hcaHandles":"x"}}}}}"#,
      "linux.resources.rdma.mlx5_1.hcaHandles: expected an integer from 0 to 4294967295, found a string"
    ),
    (
      #"{"ociVersion":"1.0.0","linux":{"resources":{"hugepageLimits":[{"limit":1,"pageSize":"64kB"}]}}}"#,
      "linux.resources.hugepageLimits[0].pageSize: \"64kB\" is no page size like 64KB, 2MB or 1GB"
    ),
    (
      #"{"ociVersion":"1.0.0","linux":{"seccomp":{"defaultAction":"SCMP_ACT_MAYBE"}}}"#,
      "linux.seccomp.defaultAction: unknown value \"SCMP_ACT_MAYBE\""
    ),
  ])
  func namesTheCulprit(text: String, message: String) {
    #expect { try Spec(jsonText: Array(text.utf8)) } throws: { "\($0)" == message }
  }

  @Test func stateAndFeaturesRoundTrip() throws {
    let state =
      #"{"ociVersion":"0.2.0","id":"oci-container1","status":"running","pid":4422,"bundle":"/containers/redis","annotations":{"myKey":"myValue"}}"#
    #expect(JSONWriter.string(try State(jsonText: Array(state.utf8))) == state)
    let features =
      #"{"ociVersionMin":"1.0.0","ociVersionMax":"1.3.0","linux":{"namespaces":[],"apparmor":{"enabled":false}}}"#
    #expect(JSONWriter.string(try Features(jsonText: Array(features.utf8))) == features)
  }
}
