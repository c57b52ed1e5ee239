//! The way from socketioxide's Redis adapter to other instances: over the relay, which comes back
//! by itself and never keeps what is delivered here waiting.

use crate::telemetry;
use socketioxide_redis::drivers::{ChanItem, Driver, MessageStream};
use std::sync::Arc;
use studyrooms_domain::{
    relay::{Heard, Relay},
    store::StoreError,
};
use tokio::sync::mpsc;

#[derive(Clone)]
pub(super) struct RelayDriver(pub Arc<dyn Relay>);

impl Driver for RelayDriver {
    type Error = StoreError;

    async fn publish(&self, channel: String, message: Vec<u8>) -> Result<(), StoreError> {
        self.0.publish(&channel, message);
        Ok(())
    }

    async fn subscribe(&self, channel: String, size: usize) -> Result<MessageStream<ChanItem>, StoreError> {
        let (sender, messages) = mpsc::channel(size);
        let name = channel.clone();
        let ear = move |heard| {
            // What passes here may be lost, so a gap is no news.
            if let Heard::Message(message) = heard
                && sender.try_send((name.clone(), message)).is_err()
            {
                telemetry::ephemeral_dropped();
            }
        };
        self.0.subscribe(&channel, Arc::new(ear)).await?;
        Ok(MessageStream::new(messages))
    }

    async fn unsubscribe(&self, channel: String) -> Result<(), StoreError> {
        self.0.unsubscribe(&channel).await;
        Ok(())
    }

    async fn num_serv(&self, channel: &str) -> Result<u16, StoreError> {
        self.0.listeners(channel).await
    }
}
