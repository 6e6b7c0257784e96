"""Steps of documents from before speakers were named are migrated."""



