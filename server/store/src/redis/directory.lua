-- Renews an instance's lease and, where a room is given, updates its list.
--
-- KEYS[1] leases: sorted set of instances by the millisecond at which each ends, and '@renewed', when
--   the last renewal was.
-- KEYS[2] the room's list: hash of sockets to '<instance> <place>', '@version', and the positions of the
--   logs, '@room' and '@board'.
-- ARGV: instance, milliseconds of a lease, of a silence, of an untouched list's life; with a room also
--   the known version, the delivered positions, and three groups, each led by its size: claimed and changed as socket, place;
--   gone as socket.
-- Answers version, and the one before; 1 and the list as socket, value …, or 0; the lost as socket, value …;
-- the sockets changed or gone that another instance has; the newest positions.
local me, lease, silence, keep = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function number(value)
  return string.format('%.0f', value)
end

local renewed = tonumber(redis.call('ZSCORE', KEYS[1], '@renewed') or now)
if now - renewed > silence then
  -- The directory itself was away: nobody could renew, so nobody is dead for it.
  for _, instance in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    redis.call('ZADD', KEYS[1], number(now + lease), instance)
  end
end
redis.call('ZADD', KEYS[1], number(now), '@renewed', number(now + lease), me)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. number(now))
redis.call('PEXPIRE', KEYS[1], keep)
if not KEYS[2] then
  return 0
end

local list = KEYS[2]
local before = redis.call('HGET', list, '@version') or '0'
local known = ARGV[5]
local changed = false
local at = 8

local function newest(log, delivered)
  local position = math.max(tonumber(redis.call('HGET', list, log) or 0), tonumber(delivered))
  redis.call('HSET', list, log, number(position))
  return number(position)
end

local said, drawn = newest('@room', ARGV[6]), newest('@board', ARGV[7])

local function owner(socket)
  local value = redis.call('HGET', list, socket)
  return value and string.match(value, '^(%S+) '), value
end

local elsewhere = {}

local function put(claims)
  local count = tonumber(ARGV[at])
  at = at + 1
  for _ = 1, count do
    local socket, value = ARGV[at], me .. ' ' .. ARGV[at + 1]
    at = at + 2
    local has, old = owner(socket)
    if not claims and has and has ~= me then
      elsewhere[#elsewhere + 1] = socket
    elseif old ~= value then
      redis.call('HSET', list, socket, value)
      changed = true
    end
  end
end

put(true)
put(false)
local count = tonumber(ARGV[at])
for index = at + 1, at + count do
  local has = owner(ARGV[index])
  if has == me then
    redis.call('HDEL', list, ARGV[index])
    changed = true
  elseif has then
    elsewhere[#elsewhere + 1] = ARGV[index]
  end
end

local all, lost, alive = {}, {}, {}
local fields = redis.call('HGETALL', list)
for index = 1, #fields, 2 do
  local socket, value = fields[index], fields[index + 1]
  if string.sub(socket, 1, 1) ~= '@' then
    local instance = string.match(value, '^(%S+) ')
    if alive[instance] == nil then
      local ends = redis.call('ZSCORE', KEYS[1], instance)
      alive[instance] = ends and tonumber(ends) > now or false
    end
    local into = all
    if not alive[instance] then
      redis.call('HDEL', list, socket)
      changed = true
      into = lost
    end
    into[#into + 1] = socket
    into[#into + 1] = value
  end
end

local version = before
if changed or before == '0' then
  -- Versions are times, so that none comes back: neither of a list that begins anew, nor of one whose
  -- newest changes a failover lost.
  version = number(math.max(now, tonumber(before) + 1))
  redis.call('HSET', list, '@version', version)
end
redis.call('PEXPIRE', list, keep)
if known == before or known == version then
  all = false
end
return { version, before, all and 1 or 0, all or {}, lost, elsewhere, said, drawn }
