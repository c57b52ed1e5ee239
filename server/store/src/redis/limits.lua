-- One token bucket, as the microsecond at which it will be full: that alone tells how many tokens
-- it has now. A key that is not there, or has expired, is a full bucket.
-- KEYS[1] the bucket; ARGV: tokens in a full one, microseconds a token takes, 1 to take one.
-- Answers 0, or the milliseconds until there is a token.
local burst, each, take = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local full_at = tonumber(redis.call('GET', KEYS[1]) or now)
-- A clock that was set back makes a bucket empty, never emptier.
full_at = math.max(now, math.min(full_at, now + burst * each))

local after = full_at + each
local too_early = after - (now + burst * each)
-- A microsecond of grace for what rounding cost.
if too_early > 1 then
  return math.max(1, math.ceil(too_early / 1000))
end
if take then
  redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.max(1, math.ceil((after - now) / 1000)))
end
return 0
