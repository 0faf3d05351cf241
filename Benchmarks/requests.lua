-- What wrk asks for: its URL again and again, or the targets of a file, one after the other.
-- Arguments, behind "--": the file; "once" when no target may be asked for a second time.
-- All requests are written out beforehand, so that making them costs next to nothing while it is measured.

local threads = {}
local requests = {}
local number = 0
exhausted = 0

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  local file, once = arguments[1], arguments[2] == "once"
  if not file then return end
  for target in io.lines(file) do
    requests[#requests + 1] = wrk.format("GET", target)
  end
  function request()
    number = number + 1
    if number > #requests then
      number = 1
      if once then exhausted = 1 end
    end
    return requests[number]
  end
end

function done(summary, latency)
  local spent = 0
  for _, thread in ipairs(threads) do spent = spent + thread:get("exhausted") end
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"microseconds":%d,"bytes":%d,"status":%d,"socket":%d,"exhausted":%d,"p50":%d,"p99":%d}',
    summary.requests, summary.duration, summary.bytes, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, spent,
    latency:percentile(50), latency:percentile(99)
  ))
end
