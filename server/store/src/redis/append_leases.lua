-- The append lease of one log. Only the hash says who holds it; the queue says who is next.
--
-- KEYS[1] the lease: hash of 'holder', 'ends' (the millisecond), and what was left with it: 'seq', 'settled', 'by',
--   'at'.
-- KEYS[2] the queue: list of instances, the next one first.
-- ARGV: 'take', 'pass' or 'leave'; instance; milliseconds of a lease, and for which what was left holds; the channel that each
--   instance's name ends; the log's name for it; with 'pass' the end as seq and settled, or '' and ''.
-- Answers 'take' with 1, whether another had it before, seq and settled, or with 0 for the queue.
local what, me, lasts, holds, channel, log = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5], ARGV[6]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local lease, queue = KEYS[1], KEYS[2]
local holder, ends = unpack(redis.call('HMGET', lease, 'holder', 'ends'))
local is_held = holder and tonumber(ends) > now

local function give(instance)
  redis.call('HSET', lease, 'holder', instance, 'ends', string.format('%.0f', now + lasts))
  redis.call('PEXPIRE', lease, lasts + holds)
end

local function left()
  local seq, settled, by, at = unpack(redis.call('HMGET', lease, 'seq', 'settled', 'by', 'at'))
  if not seq or now - tonumber(at) > holds then
    return '', '', by or ''
  end
  return seq, settled, by
end

if what == 'take' then
  if is_held and holder ~= me then
    if not redis.call('LPOS', queue, me) then
      redis.call('RPUSH', queue, me)
    end
    redis.call('PEXPIRE', queue, lasts + holds)
    return { 0, 0, '', '' }
  end
  redis.call('LREM', queue, 0, me)
  give(me)
  local seq, settled, by = left()
  return { 1, (by ~= '' and by ~= me) and 1 or 0, seq, settled }
end

if what == 'leave' then
  redis.call('LREM', queue, 0, me)
end
if holder ~= me then
  return 0
end
if what == 'pass' then
  if ARGV[7] == '' then
    redis.call('HDEL', lease, 'seq')
  else
    redis.call('HSET', lease, 'seq', ARGV[7], 'settled', ARGV[8])
  end
  redis.call('HSET', lease, 'by', me, 'at', string.format('%.0f', now))
end
local heir = redis.call('LPOP', queue)
if heir then
  give(heir)
  local seq, settled = left()
  redis.call('PUBLISH', channel .. heir, log .. ' ' .. seq .. ' ' .. settled)
else
  redis.call('HDEL', lease, 'holder', 'ends')
  redis.call('PEXPIRE', lease, holds)
end
return 0
