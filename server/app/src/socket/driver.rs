//! The driver of socketioxide's Redis adapter: over the pub/sub of the store, which connects again
//! by itself and never keeps what is delivered here waiting.

use crate::telemetry;
use socketioxide_redis::drivers::{ChanItem, Driver, MessageStream};
use std::sync::Arc;
use studyrooms_domain::{
    pubsub::{PubSub, Received},
    store::StoreError,
};
use tokio::sync::mpsc;

#[derive(Clone)]
pub(super) struct PubSubDriver(pub Arc<dyn PubSub>);

impl Driver for PubSubDriver {
    type Error = StoreError;

    async fn publish(&self, channel: String, message: Vec<u8>) -> Result<(), StoreError> {
        self.0.publish(&channel, message);
        Ok(())
    }

    async fn subscribe(&self, channel: String, size: usize) -> Result<MessageStream<ChanItem>, StoreError> {
        let (sender, messages) = mpsc::channel(size);
        let name = channel.clone();
        let subscriber = move |received| {
            // Ephemeral events may be lost, so a gap means nothing.
            if let Received::Message(message) = received
                && sender.try_send((name.clone(), message)).is_err()
            {
                telemetry::ephemeral_dropped();
            }
        };
        self.0.subscribe(&channel, Arc::new(subscriber)).await?;
        Ok(MessageStream::new(messages))
    }

    async fn unsubscribe(&self, channel: String) -> Result<(), StoreError> {
        self.0.unsubscribe(&channel).await;
        Ok(())
    }

    async fn num_serv(&self, channel: &str) -> Result<u16, StoreError> {
        self.0.subscriber_count(channel).await
    }
}
