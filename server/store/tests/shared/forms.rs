//! A cluster, and a set with sentinels, keep every promise that one server keeps.

use crate::{append_leases, cluster::Cluster, directory, engine, limits, pubsub, sentinels::Watched};
use studyrooms_store::redis::Redis;

async fn keep_every_promise(url: &str) {
    limits::every_case(async || engine::in_redis_at(url).await).await;
    pubsub::every_case(async || pubsub::in_redis(Some(url.to_owned())).await).await;
    directory::every_case(async || directory::Scene::in_redis(url).await).await;
    append_leases::take_leases_in_order(async || append_leases::instance_of(Redis::connect(url).await.unwrap()).await)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_does() {
    keep_every_promise(&Cluster::start(false, None).url()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_set_with_sentinels_does() {
    keep_every_promise(&Watched::start(None).url()).await;
}
