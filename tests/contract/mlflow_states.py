"""Log models in every state a registry may be in to the tracking URI given: run as a program by test_mlflow_states.

Prints the run of the model "orphan", which is to be removed for good, and its experiment.
"""

import sys

import mlflow
import numpy as np
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression

uri, seed = sys.argv[1], int(sys.argv[2])
random = np.random.default_rng(seed)
mlflow.set_tracking_uri(uri)
client = MlflowClient()
mlflow.set_experiment("states")
rows = random.normal(size=(20, 2))
with mlflow.start_run() as run:
    for step, value in enumerate((0.5, float("nan"), 0.25)):
        mlflow.log_metric("recovered", value, step=step)
        mlflow.log_metric("lost", (0.5, 0.25, float("nan"))[step], step=step)
    mlflow.log_metric("val/by group/F", 0.8)
    mlflow.log_metric("up", float("inf"))
    mlflow.log_metric("down", float("-inf"))
    mlflow.log_metric("zero", 0.0)
    made = mlflow.sklearn.log_model(
        LogisticRegression().fit(rows, rows[:, 0] > 0),
        name="model",
        pip_requirements=["scikit-learn"],  # else it is found out by a process that loads the model
    )
with mlflow.start_run():
    outside = mlflow.create_external_model(name="outside")
with mlflow.start_run():
    mlflow.log_metric("auc", 0.77, model_id=made.model_id)
    mlflow.log_metric("evaluated", float("nan"), model_id=made.model_id)
    mlflow.log_metric("none", 0.0, model_id=made.model_id)
    mlflow.log_metric("f1", 0.66, model_id=outside.model_id)
for name, source, run_id in (
    ("credit scoring v2", made.model_uri, run.info.run_id),
    ("信用", made.model_uri, None),
    ("outside", f"models:/{outside.model_id}", None),
):
    client.create_registered_model(name)
    client.create_model_version(name, source, run_id, model_id=source.removeprefix("models:/"))
client.create_registered_model("copied")
client.copy_model_version("models:/credit scoring v2/1", "copied")
client.create_registered_model("copied twice")
client.copy_model_version("models:/copied/1", "copied twice")
client.create_registered_model("empty")
client.create_registered_model("emptied")
client.create_model_version("emptied", "s3://b/m")
client.delete_model_version("emptied", "1")
with mlflow.start_run() as gone:
    mlflow.log_metric("auc", 0.5)
client.create_registered_model("orphan")
client.create_model_version("orphan", f"runs:/{gone.info.run_id}/model", gone.info.run_id)
client.set_registered_model_alias("orphan", "champion", "1")
client.delete_run(gone.info.run_id)
sys.stdout.write(f"{gone.info.run_id}\n")
