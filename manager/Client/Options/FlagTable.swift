extension CommandFlags {
  private static let processTexts = "e,env env-file u,user w,workdir"
  private static let containerBooleans =
    "i,interactive t,tty privileged init no-healthcheck q,quiet read-only rm oom-kill-disable P,publish-all"
  private static let containerIntegers =
    "health-retries stop-timeout blkio-weight cpu-period cpu-quota cpu-rt-period cpu-rt-runtime c,cpu-shares memory-swappiness "
    + "oom-score-adj pids-limit"
  private static let containerTexts =
    processTexts + " annotation a,attach cap-add cap-drop cidfile cgroupns entrypoint group-add ipc l,label "
    + "label-file log-driver log-opt mount name pid platform pull restart runtime security-opt stop-signal "
    + "health-cmd health-interval health-start-interval health-start-period health-timeout "
    + "storage-opt sysctl tmpfs userns uts v,volume volume-driver volumes-from "
    + "cgroup-parent cpus cpuset-cpus cpuset-mems device device-cgroup-rule device-read-bps device-read-iops "
    + "device-write-bps device-write-iops blkio-weight-device gpus m,memory memory-reservation memory-swap "
    + "shm-size ulimit add-host dns dns-option dns-opt dns-search domainname expose h,hostname ip ip6 link mac-address "
    + "network net network-alias net-alias p,publish"
  private static let stopping = CommandFlags(
    "[OPTIONS] CONTAINER [CONTAINER...]", .atLeast(1), integers: "t,timeout time", texts: "s,signal")

  /// By the command's name.
  static let all: [String: CommandFlags] = [
    "run": CommandFlags(
      "[OPTIONS] IMAGE [COMMAND] [ARG...]", .atLeast(1), isPassthrough: true, booleans: containerBooleans + " d,detach",
      truths: "sig-proxy", integers: containerIntegers, texts: containerTexts + " detach-keys"),
    "create": CommandFlags(
      "[OPTIONS] IMAGE [COMMAND] [ARG...]", .atLeast(1), isPassthrough: true, booleans: containerBooleans,
      integers: containerIntegers, texts: containerTexts),
    "exec": CommandFlags(
      "[OPTIONS] CONTAINER COMMAND [ARG...]", .atLeast(2), isPassthrough: true,
      booleans: "d,detach i,interactive privileged t,tty", texts: processTexts + " detach-keys"),
    "start": CommandFlags(
      "[OPTIONS] CONTAINER [CONTAINER...]", .atLeast(1), booleans: "a,attach i,interactive", texts: "detach-keys"),
    "attach": CommandFlags(
      "[OPTIONS] CONTAINER", .exactly(1), booleans: "no-stdin", truths: "sig-proxy", texts: "detach-keys"),
    "stop": stopping, "restart": stopping,
    "kill": CommandFlags("[OPTIONS] CONTAINER [CONTAINER...]", .atLeast(1), texts: "s,signal"),
    "rm": CommandFlags("[OPTIONS] CONTAINER [CONTAINER...]", .atLeast(1), booleans: "f,force l,link v,volumes"),
    "wait": CommandFlags("CONTAINER [CONTAINER...]", .atLeast(1)),
    "rename": CommandFlags("CONTAINER NEW_NAME", .exactly(2)),
    "update": CommandFlags(
      "[OPTIONS] CONTAINER [CONTAINER...]", .atLeast(1),
      integers: "cpu-period cpu-quota cpu-rt-period cpu-rt-runtime c,cpu-shares pids-limit",
      texts: "cpus cpuset-cpus cpuset-mems m,memory memory-reservation memory-swap restart"),
    "ps": CommandFlags(
      "[OPTIONS]", .none, booleans: "a,all l,latest no-trunc q,quiet s,size", integers: "n,last",
      texts: "f,filter format"),
    "logs": CommandFlags(
      "[OPTIONS] CONTAINER", .exactly(1), booleans: "details f,follow t,timestamps", texts: "since n,tail until"),
    "inspect": CommandFlags(
      "[OPTIONS] NAME|ID [NAME|ID...]", .atLeast(1), booleans: "s,size", texts: "f,format type"),
    "cp": CommandFlags("[OPTIONS] SRC_PATH DEST_PATH", .exactly(2), booleans: "a,archive L,follow-link q,quiet"),
    "stats": CommandFlags("[OPTIONS] [CONTAINER...]", .any, booleans: "a,all no-stream no-trunc", texts: "format"),
    "pause": CommandFlags("CONTAINER [CONTAINER...]", .atLeast(1)),
    "unpause": CommandFlags("CONTAINER [CONTAINER...]", .atLeast(1)),
    "top": CommandFlags("CONTAINER [ps OPTIONS]", .atLeast(1), isPassthrough: true),
    "port": CommandFlags("CONTAINER [PRIVATE_PORT[/PROTO]]", .between(1, 2)),
    "diff": CommandFlags("CONTAINER", .exactly(1)),
    "export": CommandFlags("[OPTIONS] CONTAINER", .exactly(1), texts: "o,output"),
    "events": CommandFlags("[OPTIONS]", .none, texts: "f,filter format since until"),
    "load": CommandFlags("[OPTIONS]", .none, booleans: "q,quiet", texts: "i,input platform"),
    "import": CommandFlags(
      "[OPTIONS] file|URL|- [REPOSITORY[:TAG]]", .between(1, 2), texts: "c,change m,message platform"),
    "commit": CommandFlags(
      "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]", .between(1, 2), truths: "p,pause", texts: "a,author c,change m,message"),
    "save": CommandFlags("[OPTIONS] IMAGE [IMAGE...]", .atLeast(1), texts: "o,output platform"),
    "images": CommandFlags(
      "[OPTIONS] [REPOSITORY[:TAG]]", .atMost(1), booleans: "a,all digests no-trunc q,quiet", texts: "f,filter format"),
    "pull": CommandFlags(
      "[OPTIONS] NAME[:TAG|@DIGEST]", .exactly(1), booleans: "a,all-tags q,quiet", texts: "platform"),
    "push": CommandFlags("[OPTIONS] NAME[:TAG]", .exactly(1), booleans: "a,all-tags q,quiet"),
    "login": CommandFlags(
      "[OPTIONS] [SERVER]", .atMost(1), booleans: "password-stdin", texts: "p,password u,username"),
    "logout": CommandFlags("[SERVER]", .atMost(1)),
    "search": CommandFlags(
      "[OPTIONS] TERM", .exactly(1), booleans: "no-trunc", integers: "limit", texts: "f,filter format"),
    "rmi": CommandFlags("[OPTIONS] IMAGE [IMAGE...]", .atLeast(1), booleans: "f,force no-prune"),
    "tag": CommandFlags("SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]", .exactly(2)),
    "history": CommandFlags(
      "[OPTIONS] IMAGE", .exactly(1), booleans: "no-trunc q,quiet", truths: "human", texts: "format"),
    "container prune": CommandFlags("[OPTIONS]", .none, booleans: "f,force", texts: "filter"),
    "image prune": CommandFlags("[OPTIONS]", .none, booleans: "a,all f,force", texts: "filter"),
    "network ls": CommandFlags("[OPTIONS]", .none, booleans: "no-trunc q,quiet", texts: "f,filter format"),
    "network create": CommandFlags(
      "[OPTIONS] NETWORK", .exactly(1), booleans: "attachable config-only ingress internal ipv6", truths: "ipv4",
      texts: "aux-address config-from d,driver gateway ip-range ipam-driver ipam-opt label o,opt scope subnet"),
    "network rm": CommandFlags("NETWORK [NETWORK...]", .atLeast(1), booleans: "f,force"),
    "network prune": CommandFlags("[OPTIONS]", .none, booleans: "f,force", texts: "filter"),
    "network connect": CommandFlags(
      "[OPTIONS] NETWORK CONTAINER", .exactly(2), integers: "gw-priority",
      texts: "alias driver-opt ip ip6 link link-local-ip"),
    "network disconnect": CommandFlags("[OPTIONS] NETWORK CONTAINER", .exactly(2), booleans: "f,force"),
    "volume ls": CommandFlags("[OPTIONS]", .none, booleans: "q,quiet", texts: "f,filter format"),
    "volume create": CommandFlags("[OPTIONS] [VOLUME]", .atMost(1), texts: "d,driver label o,opt"),
    "volume rm": CommandFlags("[OPTIONS] VOLUME [VOLUME...]", .atLeast(1), booleans: "f,force"),
    "volume prune": CommandFlags("[OPTIONS]", .none, booleans: "a,all f,force", texts: "filter"),
    "system prune": CommandFlags("[OPTIONS]", .none, booleans: "a,all f,force volumes", texts: "filter"),
    "system df": CommandFlags("[OPTIONS]", .none, booleans: "v,verbose", texts: "format"),
    "system fsck": CommandFlags("[OPTIONS]", .none, booleans: "repair"),
    "version": CommandFlags("[OPTIONS]", .none, texts: "f,format"),
    "info": CommandFlags("[OPTIONS]", .none, texts: "f,format"),
  ]
}
