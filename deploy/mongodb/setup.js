// For mongosh: makes the replica set of one, and the user that the program signs in as, who may read
// and write its database and nothing else. Run again it changes nothing but the user's password.
/* global db, print, process, rs, sleep */

const { MONGODB_ROOT_PASSWORD, MONGODB_PASSWORD, MONGODB_MEMBER = 'mongodb:27017' } = process.env;
db.getSiblingDB('admin').auth('root', MONGODB_ROOT_PASSWORD);

try {
  rs.status();
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: MONGODB_MEMBER }] });
}
while (!db.hello().isWritablePrimary) sleep(200);

const rooms = db.getSiblingDB('studyrooms');
if (rooms.getUser('studyrooms')) {
  rooms.changeUserPassword('studyrooms', MONGODB_PASSWORD);
} else {
  const roles = [{ role: 'readWrite', db: 'studyrooms' }];
  rooms.createUser({ user: 'studyrooms', pwd: MONGODB_PASSWORD, roles });
}
print('the replica set and its user are there');
