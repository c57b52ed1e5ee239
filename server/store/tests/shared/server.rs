//! A Redis that can be killed and halted.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use studyrooms_store::redis::Redis;

/// A Redis of this test only.
pub struct Server {
    pub port: u16,
    process: Child,
}

impl Server {
    pub fn free_port() -> u16 {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    pub async fn start(port: u16) -> Self {
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(["--requirepass", "s3cret"])
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server of Debian's package redis-server");
        let server = Self { port, process };
        let deadline = Instant::now() + Duration::from_secs(10);
        while Redis::connect(&server.url()).await.is_err() {
            assert!(Instant::now() < deadline, "redis-server does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        server
    }

    pub fn url(&self) -> String {
        format!("redis://:s3cret@127.0.0.1:{}", self.port)
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    pub fn kill(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
